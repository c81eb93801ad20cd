// How a version did on what was kept aside, before and after its training.

import { h } from "./dom.js";
import { counted, percent } from "./format.js";
import { intervalChart } from "./interval-chart.js";

/** @typedef {import("./types.js").Comparison} Comparison */

/**
 * @param {{preferenceAccuracy?: Comparison, caseAccuracy?: Comparison} | null | undefined} metrics
 */
export function metricsView(metrics) {
  const charts = [
    chart("Answers the case correctly", "case", metrics?.caseAccuracy),
    chart("Prefers the answer you prefer", "pair", metrics?.preferenceAccuracy),
  ].filter((one) => one !== null);
  return charts.length > 0 ? h("div", { class: "charts" }, charts) : null;
}

/**
 * @param {string} title
 * @param {string} unit
 * @param {Comparison | undefined} comparison
 */
function chart(title, unit, comparison) {
  if (!comparison || comparison.n === 0) return null;
  const { before, after, n, leftOut = 0, low, high } = comparison;
  const rows = [
    ...(typeof before === "number" ? [{ name: `Before ${percent(before)}`, value: before }] : []),
    ...(typeof after === "number"
      ? [{ name: `After ${percent(after)}`, value: after, low, high, isSecond: true }]
      : []),
  ];
  if (rows.length === 0) return null;
  return intervalChart({
    title,
    note: `On ${counted(n, unit)} kept aside${
      leftOut > 0 ? `, without ${leftOut} with images, which this model does not read` : ""
    }; the bar is the 95 % interval`,
    range: [0, 1],
    label: (value) => percent(value),
    rows,
  });
}
