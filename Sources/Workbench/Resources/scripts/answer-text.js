// The text of an answer with its marks, and positions in it. Positions count UTF-16 code units.

import { fill, h } from "./dom.js";
import { kindName } from "./span-kinds.js";

/** @typedef {{start: number, end: number}} Stretch */

/**
 * @param {HTMLElement} place
 * @param {string} text
 * @param {(Stretch & {kind: string})[]} spans
 * @param {Stretch | null} picked what is being marked now
 */
export function showText(place, text, spans, picked) {
  const all = picked ? [...spans, { ...picked, kind: "" }] : spans;
  const edges = [...new Set([0, text.length, ...all.flatMap(({ start, end }) => [start, end])])]
    .filter((edge) => edge >= 0 && edge <= text.length).sort((a, b) => a - b);
  fill(
    place,
    edges.slice(1).map((end, index) => {
      const start = edges[index] ?? 0;
      const piece = text.slice(start, end);
      const isIn = (/** @type {Stretch} */ span) => span.start <= start && end <= span.end;
      if (picked && isIn(picked)) return h("mark", { class: "picking" }, piece);
      const span = spans.find(isIn);
      if (!span) return piece;
      return h("mark", { data: { kind: span.kind }, title: kindName(span.kind) }, piece);
    }),
  );
}

/**
 * The stretch of an element's text that is selected, without the spaces at its ends.
 * @param {HTMLElement} place
 * @param {string} text
 * @returns {Stretch | null}
 */
export function selectedStretch(place, text) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!place.contains(range.startContainer) || !place.contains(range.endContainer)) return null;
  const lead = document.createRange();
  lead.selectNodeContents(place);
  lead.setEnd(range.startContainer, range.startOffset);
  const start = lead.toString().length;
  return trimmed(text, { start, end: start + range.toString().length });
}

/**
 * @param {string} text
 * @param {Stretch} stretch
 * @returns {Stretch | null}
 */
function trimmed(text, { start, end }) {
  const piece = text.slice(start, end);
  const lead = piece.length - piece.trimStart().length;
  const length = piece.trim().length;
  return length === 0 ? null : { start: start + lead, end: start + lead + length };
}

/**
 * Where the words of a text stand.
 * @param {string} text
 * @returns {Stretch[]}
 */
export function wordStretches(text) {
  return [...text.matchAll(/\S+/g)].map((match) => (
    { start: match.index, end: match.index + match[0].length }
  ));
}
