// Choosing words of a text by keyboard.

import { wordStretches } from "./answer-text.js";

/** @typedef {import("./answer-text.js").Stretch} Stretch */

/** How many words up and down go, about a line. */
const line = 11;

/**
 * Arrow keys go from word to word, with Shift they extend; Enter chooses, Escape gives up.
 * @param {HTMLElement} place the text
 * @param {string} text
 * @param {{
 *   show: (stretch: Stretch | null) => void, choose: (stretch: Stretch) => void,
 *   cancel: () => void
 * }} handlers
 */
export function pickWords(place, text, handlers) {
  const words = wordStretches(text);
  let [anchor, head] = [0, 0];
  const stretch = () => ({
    start: words[Math.min(anchor, head)]?.start ?? 0,
    end: words[Math.max(anchor, head)]?.end ?? 0,
  });
  const end = () => {
    place.removeEventListener("keydown", onKey);
    place.removeEventListener("blur", onBlur);
    for (const name of ["tabindex", "role", "aria-label"]) place.removeAttribute(name);
    place.classList.remove("picking-text");
  };
  const onBlur = () => {
    end();
    handlers.cancel();
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const step = stepOf(event.key, words.length);
    if (step === undefined && event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (step !== undefined) {
      head = Math.max(0, Math.min(words.length - 1, head + step));
      if (!event.shiftKey) anchor = head;
      handlers.show(stretch());
      return;
    }
    end();
    if (event.key === "Enter") handlers.choose(stretch());
    else handlers.cancel();
  };
  if (words.length === 0) return;
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute(
    "aria-label",
    "Choose words: arrows move, Shift extends, Enter marks, Escape ends",
  );
  place.classList.add("picking-text");
  place.addEventListener("keydown", onKey);
  place.focus({ preventScroll: true });
  place.addEventListener("blur", onBlur);
  handlers.show(stretch());
}

/**
 * @param {string} key
 * @param {number} count
 */
function stepOf(key, count) {
  /** @type {Record<string, number>} */
  const steps = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -line,
    ArrowDown: line,
    Home: -count,
    End: count,
  };
  return steps[key];
}
