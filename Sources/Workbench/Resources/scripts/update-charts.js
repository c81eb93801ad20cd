// The curves of a training.

import { h } from "./dom.js";
import { lineChart } from "./line-chart.js";

/** @typedef {import("./types.js").Curves} Curves */

/** The first of the names that was measured is drawn. */
const plots = [
  {
    names: ["loss"],
    second: ["eval_loss"],
    title: "Loss",
    note: "How far it still is from your judgements; lower is better",
  },
  {
    names: ["rewards/margins", "margin"],
    title: "Margin",
    note: "How much more it likes the better answer; higher is better",
  },
  {
    names: ["rewards/accuracies", "accuracy"],
    title: "Pairs in your order",
    note: "Share of pairs it orders as you do",
    range: /** @type {[number, number]} */ ([0, 1]),
  },
  {
    names: ["reward", "rewards/chosen"],
    second: ["rewards/rejected"],
    title: "Reward",
    note: "Of its answers; with pairs, of the better (blue) and the worse (orange)",
  },
  {
    names: ["kl"],
    title: "Distance from the version before (KL)",
    note: "How far it has moved; small is careful",
  },
];

/** @param {Curves} curves */
export function curveCharts(curves) {
  const drawn = plots.flatMap(({ names, second = [], title, note, range }) => {
    const points = named(curves, names);
    if (points.length < 2) return [];
    return [
      lineChart({
        title,
        note,
        points,
        second: named(curves, second),
        ...(range ? { range } : {}),
      }),
    ];
  });
  if (drawn.length > 0) return drawn;
  return [h("p", { class: "quiet" }, "The curves appear with the first steps of the training.")];
}

/**
 * @param {Curves} curves
 * @param {string[]} names
 */
function named(curves, names) {
  const name = names.find((one) => (curves[one] ?? []).length > 0);
  return name === undefined ? [] : [...(curves[name] ?? [])].sort((a, b) => a[0] - b[0]);
}
