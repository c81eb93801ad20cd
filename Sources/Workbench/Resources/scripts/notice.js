// Messages: short ones at the edge of the window, errors, and pages without content.

import { APIError } from "./api.js";
import { fill, h, part } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * Says something for a few seconds, to eyes and screen readers.
 * @param {string} text
 */
export function toast(text) {
  const message = h("p", { class: "toast" }, text);
  part("toasts").append(message);
  setTimeout(() => message.remove(), 6000);
}

/**
 * @param {"good" | "warn" | "bad" | ""} mood
 * @param {...(Child | Child[])} children
 */
export function notice(mood, ...children) {
  return h("div", { class: `notice ${mood}`.trim() }, ...children);
}

/**
 * What went wrong, in words for people.
 * @param {unknown} error
 */
function explain(error) {
  if (error instanceof APIError) return error.message;
  console.error(error);
  return "Something in this page went wrong. Reload it; what you saved is safe.";
}

/**
 * Shows an error, with the lines of a file where it names them.
 * @param {Element} place
 * @param {unknown} error
 */
export function showError(place, error) {
  const problems = error instanceof APIError ? error.problems : [];
  const lines = problems.slice(0, 100).map(({ line, reason }) =>
    h("li", {}, h("strong", {}, `Line ${line}: `), reason)
  );
  fill(
    place,
    notice(
      "bad",
      h("p", {}, explain(error)),
      lines.length > 0 && h("ul", { class: "problems" }, lines),
      problems.length > 100 && h("p", {}, `and ${problems.length - 100} more`),
    ),
  );
}

/**
 * A place that has nothing to show yet, and what to do about it.
 * @param {string} title
 * @param {string} text
 * @param {...Child} actions
 */
export function empty(title, text, ...actions) {
  return h(
    "div",
    { class: "empty" },
    h("h2", {}, title),
    h("p", {}, text),
    actions.length > 0 && h("div", { class: "row" }, actions),
  );
}

/**
 * Runs something for a part of the page; an error is shown there.
 * @param {Element} place
 * @param {() => Promise<void>} work
 */
export async function attempt(place, work) {
  try {
    fill(place);
    await work();
  } catch (error) {
    showError(place, error);
  }
}

/**
 * Fills a part of the page with what `load` finds, or with the error.
 * @param {HTMLElement} place
 * @param {() => Promise<void>} load
 */
export async function loading(place, load) {
  place.setAttribute("aria-busy", "true");
  try {
    await load();
  } catch (error) {
    showError(place, error);
  } finally {
    place.removeAttribute("aria-busy");
  }
}
