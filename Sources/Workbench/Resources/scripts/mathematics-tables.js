// The numbers of a ranking as tables.

import { number, whole } from "./format.js";
import { table } from "./table.js";

/** @typedef {import("./types.js").MeasuredAnswer} MeasuredAnswer */
/** @typedef {import("./types.js").MeasuredPair} MeasuredPair */

/**
 * @param {MeasuredAnswer[]} answers
 * @param {(id: number) => string} name
 */
export function answersTable(answers, name) {
  const sorted = [...answers].sort((a, b) => a.rank - b.rank);
  return table("The answers in your order", [
    { title: "Answer", isHead: true, cell: ({ id }) => name(id) },
    { title: "Rank", isNumber: true, cell: ({ rank }) => whole(rank) },
    { title: "Tokens", isNumber: true, cell: ({ tokens }) => whole(tokens) },
    { title: "log π_θ", isNumber: true, cell: ({ logPolicy }) => number(logPolicy, 2) },
    { title: "log π_ref", isNumber: true, cell: ({ logReference }) => number(logReference, 2) },
    {
      title: "Implicit reward r",
      isNumber: true,
      cell: ({ implicitReward }) => number(implicitReward, 4),
    },
    { title: "Group reward R", isNumber: true, cell: ({ groupReward }) => number(groupReward, 2) },
    { title: "Advantage A", isNumber: true, cell: ({ advantage }) => number(advantage, 3) },
  ], sorted);
}

/**
 * @param {MeasuredPair[]} pairs
 * @param {(id: number) => string} name
 */
export function pairsTable(pairs, name) {
  return table("The pairs of your order", [
    {
      title: "Pair",
      isHead: true,
      cell: ({ chosen, rejected }) => `${name(chosen)} above ${name(rejected)}`,
    },
    { title: "Margin", isNumber: true, cell: ({ margin }) => number(margin, 4) },
    { title: "Loss", isNumber: true, cell: ({ loss }) => number(loss, 4) },
  ], pairs);
}
