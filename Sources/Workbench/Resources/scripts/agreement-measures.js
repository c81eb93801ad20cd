// The coefficients of agreement, drawn and in words.

import { h } from "./dom.js";
import { dayName, number, whole } from "./format.js";
import { intervalChart } from "./interval-chart.js";
import { lineChart } from "./line-chart.js";
import { table } from "./table.js";

/**
 * @typedef {{
 *   a: number, b: number, kappa?: number | null, low?: number | null, high?: number | null,
 *   cases: number
 * }} Cohen
 */
/** @typedef {{value?: number | null, low?: number | null, high?: number | null}} Measure */
/**
 * @typedef {{
 *   cohen: Cohen[], fleiss?: Measure | null, krippendorff?: Measure | null,
 *   overTime: {date: string, alpha: number}[]
 * }} Measures
 */

/** A coefficient in words (Landis and Koch, 1977). @param {number} value */
function inWords(value) {
  if (value < 0) return "less than by chance";
  if (value <= 0.2) return "slightly";
  if (value <= 0.4) return "fairly";
  if (value <= 0.6) return "moderately";
  if (value <= 0.8) return "substantially";
  return "almost perfectly";
}

/**
 * @param {Measures} measures
 * @param {(accountID: number) => string} name
 */
export function measuresView({ cohen, fleiss, krippendorff, overTime }, name) {
  return h(
    "section",
    { class: "card stack", aria: { labelledby: "measures-title" } },
    h("h2", { id: "measures-title" }, "All together"),
    headline(krippendorff ?? {}),
    h(
      "div",
      { class: "charts" },
      coefficients([
        { name: "Krippendorff’s α", ...krippendorff },
        { name: "Fleiss’ κ", ...fleiss },
      ]),
      overTime.length > 1 && development(overTime),
    ),
    cohen.length > 0 && cohenTable(cohen, name),
  );
}

/** @param {Measure} krippendorff */
function headline({ value, low, high }) {
  if (typeof value !== "number") {
    return h("p", {}, "Too few answers were ranked by two colleagues to say more.");
  }
  const interval = typeof low === "number" && typeof high === "number"
    ? `, 95 % interval ${number(low, 2)} to ${number(high, 2)}`
    : "";
  return h(
    "p",
    {},
    "Your rankings agree ",
    h("strong", {}, inWords(value)),
    ` (Krippendorff’s α = ${number(value, 2)}${interval}).`,
  );
}

/** @param {(Measure & {name: string})[]} measures */
function coefficients(measures) {
  const rows = measures.flatMap(({ name, value, low, high }) =>
    typeof value === "number" ? [{ name, value, low, high }] : []
  );
  if (rows.length === 0) return null;
  return intervalChart({
    title: "Coefficients",
    note: "1 is full agreement, 0 is chance; the bars are 95 % intervals",
    reference: 0,
    range: [Math.min(-0.2, ...rows.map(({ value, low }) => low ?? value)), 1],
    rows,
  });
}

/** @param {Measures["overTime"]} days */
function development(days) {
  return lineChart({
    title: "Agreement over time",
    note: "Krippendorff’s α of all rankings until that day",
    points: days.map(({ alpha }, index) => [index, alpha]),
    xName: "day",
    label: (index) => dayName(days[Math.round(index)]?.date),
  });
}

/**
 * @param {Cohen[]} cohen
 * @param {(accountID: number) => string} name
 */
function cohenTable(cohen, name) {
  return table("Each pair of colleagues (Cohen’s κ, weighted by the distance of the ranks)", [
    { title: "Pair", isHead: true, cell: ({ a, b }) => `${name(a)} and ${name(b)}` },
    { title: "Cases", isNumber: true, cell: ({ cases }) => whole(cases) },
    { title: "κ", isNumber: true, cell: ({ kappa }) => number(kappa, 2) },
    {
      title: "95 % interval",
      isNumber: true,
      cell: ({ low, high }) => `${number(low, 2)} to ${number(high, 2)}`,
    },
    {
      title: "They agree",
      cell: ({ kappa }) => (typeof kappa === "number" ? inWords(kappa) : "–"),
    },
  ], cohen);
}
