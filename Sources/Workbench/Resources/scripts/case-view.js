// A case as it is read: the text, then the options.

import { h } from "./dom.js";

/** @typedef {import("./types.js").Option} Option */

/**
 * @param {string} question
 * @param {Option[]} [options]
 */
export function caseView(question, options = []) {
  return [
    h("div", { class: "case-text" }, question),
    options.length > 0 &&
    h(
      "ul",
      { class: "options", aria: { label: "Options" } },
      options.map(({ letter, text }) => h("li", {}, h("b", {}, letter), h("span", {}, text))),
    ),
  ];
}
