// Single-key shortcuts and the dialog that lists them.

import { h, part } from "./dom.js";

/**
 * @typedef {{
 *   keys: string[], text: string, shown?: string[],
 *   run: (event: KeyboardEvent) => void, when?: () => boolean
 * }} Shortcut
 */

/** @type {Shortcut[]} */
let shortcuts = [];

/**
 * Adds shortcuts of this page. `keys` are values of `KeyboardEvent.key`, lower case; `shown` is
 * what the dialog shows instead. One with the text of an earlier one takes its place.
 * @param {...Shortcut} added
 */
export function addShortcuts(...added) {
  const others = shortcuts.filter(({ text }) => !added.some((one) => one.text === text));
  shortcuts = [...others, ...added];
}

/** Begins to listen. */
export function startShortcuts() {
  addShortcuts({ keys: ["?"], text: "Show these shortcuts", run: showShortcuts });
  part("keys-button").addEventListener("click", showShortcuts);
  document.addEventListener("keydown", (event) => {
    if (isOff() && event.key !== "?") return;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isOwnKey(event) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const shortcut = shortcuts.find((one) => one.keys.includes(key) && (one.when?.() ?? true));
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run(event);
  });
}

/**
 * Whether the focused element needs the key itself: fields for typing, radio buttons for the
 * arrows, links and buttons for Enter.
 * @param {KeyboardEvent} event
 */
function isOwnKey({ target, key }) {
  if (!(target instanceof HTMLElement)) return false;
  if (key === "Enter") return target.closest("a, button, summary, input, textarea") !== null;
  if (!(target instanceof HTMLInputElement)) return target.matches("textarea, select");
  if (target.type === "radio") return key.startsWith("Arrow");
  return target.type !== "checkbox";
}

function isOff() {
  return localStorage.getItem("shortcuts") === "off";
}

function showShortcuts() {
  const isOn = h("input", { type: "checkbox", id: "keys-on", checked: !isOff() });
  isOn.addEventListener(
    "change",
    () => localStorage.setItem("shortcuts", isOn.checked ? "on" : "off"),
  );
  const rows = shortcuts.flatMap(({ keys, shown = keys, text }) => [
    h("dt", {}, shown.flatMap((key) => [h("kbd", {}, label(key)), " "])),
    h("dd", {}, text),
  ]);
  const dialog = h(
    "dialog",
    { aria: { labelledby: "keys-title" } },
    h(
      "form",
      { class: "dialog-body stack", method: "dialog" },
      h("h2", { id: "keys-title" }, "Keyboard shortcuts on this page"),
      h("dl", { class: "keys" }, rows),
      h("div", { class: "check" }, isOn, h("label", { for: "keys-on" }, "Single-key shortcuts on")),
      h("div", { class: "dialog-foot" }, h("button", { class: "button primary" }, "Close")),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} key */
function label(key) {
  /** @type {Record<string, string>} */
  const names = { arrowleft: "←", arrowright: "→", enter: "Enter", escape: "Esc" };
  return names[key] ?? key.toUpperCase();
}
