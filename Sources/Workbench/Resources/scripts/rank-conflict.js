// When this rater's ranking was changed elsewhere in the meantime.

import { h } from "./dom.js";
import { notice } from "./notice.js";

/**
 * Offers to keep what is on this page or to take what is stored.
 * @param {{keep: () => void, take: () => void}} choices
 */
export function conflictNotice({ keep, take }) {
  return notice(
    "warn",
    h("p", {}, h("strong", {}, "You ranked this case somewhere else in the meantime.")),
    h(
      "p",
      {},
      "Nothing is lost: the ranking from there is stored, and the one on this page is still here.",
    ),
    h(
      "div",
      { class: "row" },
      h(
        "button",
        { class: "button primary slim", type: "button", onclick: keep },
        "Save the ranking on this page",
      ),
      h("button", { class: "button slim", type: "button", onclick: take }, "Show the stored one"),
    ),
  );
}
