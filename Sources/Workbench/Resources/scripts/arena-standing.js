// How the versions stand against each other.

import { h } from "./dom.js";
import { percent, whole } from "./format.js";
import { intervalChart } from "./interval-chart.js";
import { table } from "./table.js";

/**
 * @typedef {{
 *   a: number, b: number, wins: number, losses: number, ties: number, neither?: number,
 *   rate: number, low: number, high: number
 * }} Pair
 */
/** @typedef {{version: number, score: number, low: number, high: number}} Strength */

/**
 * @param {{pairs: Pair[], strengths: Strength[]}} standing
 * @param {(id: number) => string} name
 */
export function standing({ pairs, strengths }, name) {
  if (pairs.length === 0) {
    return [h("p", { class: "quiet" }, "No comparison has been judged yet.")];
  }
  return [
    table("Each line is a pair of versions; the share counts a tie as half a win.", [
      { title: "Pair", isHead: true, cell: ({ a, b }) => `${name(a)} against ${name(b)}` },
      { title: "Won", isNumber: true, cell: ({ wins }) => whole(wins) },
      { title: "Lost", isNumber: true, cell: ({ losses }) => whole(losses) },
      { title: "Ties", isNumber: true, cell: ({ ties }) => whole(ties) },
      { title: "Neither", isNumber: true, cell: ({ neither }) => whole(neither ?? 0) },
      {
        title: "Share won (95 % interval)",
        isNumber: true,
        cell: ({ rate, low, high }) => `${percent(rate)} (${percent(low)} to ${percent(high)})`,
      },
    ], pairs),
    h(
      "div",
      { class: "charts" },
      intervalChart({
        title: "Share won",
        note: "First version of each pair; the dashed line is a draw",
        range: [0, 1],
        reference: 0.5,
        label: (value) => percent(value),
        rows: pairs.map(({ a, b, rate, low, high }) => ({
          name: `${name(a)} / ${name(b)}`,
          value: rate,
          low,
          high,
        })),
      }),
      strengths.length > 0 && intervalChart({
        title: "Strength",
        note: "From all comparisons together (Bradley and Terry); further right is stronger",
        reference: 0,
        rows: strengths.map(({ version, score, low, high }) => ({
          name: name(version),
          value: score,
          low,
          high,
        })),
      }),
    ),
  ];
}
