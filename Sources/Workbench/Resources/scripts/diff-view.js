// Two versions of a text in one: what was added is underlined, what was removed struck out.

import { changedWords, diff } from "./diff.js";
import { fill, h } from "./dom.js";
import { counted } from "./format.js";

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} summary
 * @param {string} before
 * @param {string} after
 */
export function showDiff(place, summary, before, after) {
  const changes = diff(before, after);
  fill(
    place,
    changes.map(({ kind, text }) => {
      if (kind === "same") return text;
      return kind === "added" ? h("ins", {}, text) : h("del", {}, text);
    }),
  );
  const { added, removed } = changedWords(changes);
  summary.textContent = added + removed === 0
    ? "Nothing yet: this is the model’s answer, word for word."
    : `${counted(added, "word")} added, ${counted(removed, "word")} removed.`;
}
