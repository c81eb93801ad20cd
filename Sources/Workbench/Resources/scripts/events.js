// Server-sent events with JSON in them.

/**
 * Listens until the returned function is called. The browser connects anew by itself; `onReturn`
 * then tells the page to ask for what it missed.
 * @param {string} path
 * @param {Record<string, (value: any) => void>} handlers by the event's name
 * @param {() => void} [onReturn]
 * @returns {() => void} ends it
 */
export function listen(path, handlers, onReturn) {
  const source = new EventSource(path);
  let wasOpen = false;
  source.addEventListener("open", () => {
    if (wasOpen) onReturn?.();
    wasOpen = true;
  });
  // What is not the network's fault is not tried again by the browser.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) onReturn?.();
  });
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  const close = () => source.close();
  window.addEventListener("pagehide", close, { once: true });
  return close;
}
