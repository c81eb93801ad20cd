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
  return h(
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
