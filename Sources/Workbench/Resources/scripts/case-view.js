// A case as it is read: the text, the images, then the options.

import { h } from "./dom.js";
import { imagesView } from "./image-view.js";

/** @typedef {import("./types.js").CaseImage} CaseImage */
/** @typedef {import("./types.js").Option} Option */

/**
 * @param {{question: string, images: CaseImage[], options: Option[]}} shown
 * @param {import("./looking.js").Looking} [looking]
 */
export function caseView({ question, images, options }, looking) {
  return [
    h("div", { class: "case-text" }, question),
    ...imagesView(images, looking),
    options.length > 0 &&
    h(
      "ul",
      { class: "options", aria: { label: "Options" } },
      options.map(({ letter, text }) => h("li", {}, h("b", {}, letter), h("span", {}, text))),
    ),
  ];
}
