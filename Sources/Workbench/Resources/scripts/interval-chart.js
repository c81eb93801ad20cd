// Values with their intervals, one a row, as inline SVG.

import { h } from "./dom.js";
import { compact } from "./format.js";
import { extent, scale, ticks } from "./scale.js";
import { svg } from "./svg.js";

/**
 * @typedef {{
 *   name: string, value: number, low?: number | null, high?: number | null, isSecond?: boolean
 * }} Row
 */

/**
 * @typedef {{
 *   title: string, note?: string, rows: Row[], range?: [number, number], reference?: number,
 *   label?: (value: number) => string
 * }} IntervalChart
 */

const width = 480;
const rowHeight = 30;
const left = 130;

/** @param {IntervalChart} chart */
export function intervalChart({ title, note, rows, range, reference, label = compact }) {
  const values = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const ends = range ?? extent(reference === undefined ? values : [...values, reference]);
  const x = scale(ends, [left, width - 24]);
  const bottom = rows.length * rowHeight + 8;
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${bottom + 22}`,
      role: "img",
      "aria-label": summary(title, rows, label),
    },
    ...ticks(...ends).map((value) => tick(label(Number(value.toPrecision(6))), x(value), bottom)),
    ...(reference === undefined ? [] : [vertical("reference", x(reference), bottom)]),
    ...rows.map((row, index) => drawRow(row, index, x)),
  );
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("strong", {}, title), note && h("span", {}, note)),
    drawing,
  );
}

/**
 * @param {string} title
 * @param {Row[]} rows
 * @param {(value: number) => string} label
 */
function summary(title, rows, label) {
  const parts = rows.map(({ name, value, low, high }) =>
    `${name} ${label(value)}${
      typeof low === "number" && typeof high === "number"
        ? ` (95 % interval ${label(low)} to ${label(high)})`
        : ""
    }`
  );
  return `${title}: ${parts.join("; ")}`;
}

/**
 * @param {string} text
 * @param {number} x
 * @param {number} bottom
 */
function tick(text, x, bottom) {
  return svg(
    "g",
    {},
    vertical("grid", x, bottom),
    svg("text", { x, y: bottom + 16, "text-anchor": "middle" }, text),
  );
}

/**
 * @param {string} kind
 * @param {number} x
 * @param {number} bottom
 */
function vertical(kind, x, bottom) {
  return svg("line", { class: kind, x1: x, x2: x, y1: 2, y2: bottom });
}

/**
 * @param {Row} row
 * @param {number} index
 * @param {(value: number) => number} x
 */
function drawRow({ name, value, low, high, isSecond }, index, x) {
  const y = index * rowHeight + rowHeight / 2 + 2;
  const kind = isSecond ? " second" : "";
  return svg(
    "g",
    {},
    svg("text", { class: "strong", x: 0, y: y + 4 }, name),
    ...(typeof low === "number" && typeof high === "number"
      ? [svg("line", { class: `span${kind}`, x1: x(low), x2: x(high), y1: y, y2: y })]
      : []),
    svg("circle", { class: `dot${kind}`, cx: x(value), cy: y, r: 5 }),
  );
}
