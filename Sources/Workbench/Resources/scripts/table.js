// Tables of data.

import { h } from "./dom.js";

/** @typedef {import("./dom.js").Child} Child */

/**
 * @template Row
 * @typedef {{
 *   title: string, cell: (row: Row) => Child | Child[], isNumber?: boolean, isHead?: boolean
 * }} Column
 */

/**
 * A table that becomes a list of cards on a narrow screen.
 * @template Row
 * @param {string} caption
 * @param {Column<Row>[]} columns
 * @param {Row[]} rows
 * @param {{hideCaption?: boolean}} [options]
 */
export function table(caption, columns, rows, { hideCaption = false } = {}) {
  const place = h(
    "div",
    { class: "scroll" },
    h(
      "table",
      { class: "cards-narrow" },
      h("caption", hideCaption ? { class: "hush" } : {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(({ title, isNumber }) =>
            h("th", { scope: "col", class: isNumber ? "num" : null }, title)
          ),
        ),
      ),
      h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((column) => cell(column, row))))),
    ),
  );
  new ResizeObserver(() => markScrollable(place, caption)).observe(place);
  return place;
}

/**
 * What scrolls sideways can be reached and scrolled by keyboard; what does not is no stop.
 * @param {HTMLElement} place
 * @param {string} caption
 */
function markScrollable(place, caption) {
  const scrolls = place.scrollWidth > place.clientWidth;
  const marks = { tabindex: "0", role: "region", "aria-label": caption };
  for (const [name, value] of Object.entries(marks)) {
    if (scrolls) place.setAttribute(name, value);
    else place.removeAttribute(name);
  }
}

/**
 * @template Row
 * @param {Column<Row>} column
 * @param {Row} row
 */
function cell({ title, cell, isNumber, isHead }, row) {
  if (isHead) return h("th", { scope: "row", class: "lead" }, cell(row));
  return h("td", { class: isNumber ? "num" : null, data: { label: title } }, cell(row));
}
