// A curve over steps or days, as inline SVG.

import { h } from "./dom.js";
import { compact } from "./format.js";
import { extent, scale, ticks } from "./scale.js";
import { svg } from "./svg.js";

/** @typedef {[number, number][]} Points */

/**
 * @typedef {{
 *   title: string, note?: string, points: Points, second?: Points, xName?: string,
 *   label?: (x: number) => string, reference?: number, range?: [number, number]
 * }} LineChart
 */

const size = { width: 480, height: 220, left: 52, right: 14, top: 10, bottom: 34 };

/**
 * @param {LineChart} chart
 */
export function lineChart({
  title,
  note,
  points,
  second = [],
  xName = "step",
  label = compact,
  reference,
  range,
}) {
  const all = [...points, ...second];
  const ys = [...all.map(([, y]) => y), ...(reference === undefined ? [] : [reference])];
  const xs = all.map(([x]) => x);
  const yRange = range ?? extent(ys);
  const x = scale([Math.min(...xs), Math.max(...xs)], [size.left, size.width - size.right]);
  const y = scale(yRange, [size.height - size.bottom, size.top]);
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": summary(title, points, xName, label),
    },
    ...ticks(...yRange).map((value) => yTick(value, y)),
    ...xTicks(xs).map((value) => xTick(label(value), x(value))),
    ...(reference === undefined ? [] : [line("reference", y(reference))]),
    ...curve("curve", points, x, y),
    ...curve("curve second", second, x, y),
    svg("text", { x: size.width - size.right, y: size.height - 4, "text-anchor": "end" }, xName),
  );
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("strong", {}, title), note && h("span", {}, note)),
    drawing,
  );
}

/**
 * What somebody who cannot see the curve should know.
 * @param {string} title
 * @param {Points} points
 * @param {string} xName
 * @param {(x: number) => string} label
 */
function summary(title, points, xName, label) {
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last) return title;
  return `${title}: ${compact(first[1])} at ${xName} ${label(first[0])}, ` +
    `${compact(last[1])} at ${xName} ${label(last[0])}`;
}

/** @param {number[]} xs */
function xTicks(xs) {
  const distinct = [...new Set(xs)].sort((a, b) => a - b);
  if (distinct.length <= 4) return distinct;
  return ticks(distinct[0] ?? 0, distinct[distinct.length - 1] ?? 1, 4);
}

/**
 * @param {number} value
 * @param {(value: number) => number} y
 */
function yTick(value, y) {
  return svg(
    "g",
    {},
    line("grid", y(value)),
    svg("text", { x: size.left - 8, y: y(value) + 4, "text-anchor": "end" }, compact(round(value))),
  );
}

/**
 * @param {string} text
 * @param {number} x
 */
function xTick(text, x) {
  const anchor = x > size.width - 60 ? "end" : x < size.left + 20 ? "start" : "middle";
  return svg("text", { x, y: size.height - size.bottom + 16, "text-anchor": anchor }, text);
}

/** Without the dust of binary fractions. @param {number} value */
function round(value) {
  return Number(value.toPrecision(6));
}

/**
 * @param {string} kind
 * @param {number} y
 */
function line(kind, y) {
  return svg("line", { class: kind, x1: size.left, x2: size.width - size.right, y1: y, y2: y });
}

/**
 * @param {string} kind
 * @param {Points} points
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 */
function curve(kind, points, x, y) {
  if (points.length === 0) return [];
  const last = /** @type {[number, number]} */ (points[points.length - 1]);
  const path = points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
  return [
    svg("polyline", { class: kind, points: path }),
    svg("circle", { class: kind.replace("curve", "dot"), cx: x(last[0]), cy: y(last[1]), r: 3.5 }),
  ];
}
