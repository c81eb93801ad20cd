// How far the raters agree.

import { measuresView } from "./agreement-measures.js";
import { get, post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part } from "./dom.js";
import { readForm } from "./form.js";
import { counted, percent } from "./format.js";
import { empty, loading, notice } from "./notice.js";
import { start } from "./shell.js";
import { table } from "./table.js";

/** @typedef {{accountID: number, name: string, assigned: number, judged: number}} Rater */
/** @typedef {{samplingID: number, caseID?: string | null, spread: number}} Disagreement */
/**
 * @typedef {import("./agreement-measures.js").Measures & {
 *   raters: Rater[], disagreements: Disagreement[]
 * }} Report
 */

start(async () => {
  await show();
  const form = find("assign-form", HTMLFormElement);
  onSubmit(form, part("assign-result"), async () => {
    const { assigned } = await post("/api/assignments", readForm(form));
    await show();
    const text = assigned === 0
      ? "Everybody had their share already."
      : `${counted(assigned, "case")} given out.`;
    fill(part("assign-result"), notice("good", h("p", {}, text)));
  });
});

function show() {
  return loading(part("agreement"), async () => {
    /** @type {Report} */
    const report = await get("/api/agreement");
    const hasTwo = report.raters.filter(({ judged }) => judged > 0).length >= 2;
    const name = (/** @type {number} */ id) =>
      report.raters.find(({ accountID }) => accountID === id)?.name ?? `account ${id}`;
    fill(
      part("agreement"),
      hasTwo ? measuresView(report, name) : nothing(),
      progress(report.raters),
      disagreements(report.disagreements),
    );
  });
}

function nothing() {
  return empty(
    "Nothing to compare yet",
    "Agreement shows when two colleagues have ranked the answers to the same case.",
    h("a", { class: "button primary", href: "/rank" }, "Rank answers"),
  );
}

/** @param {Rater[]} raters */
function progress(raters) {
  if (raters.length === 0) return null;
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Progress"),
    h("ul", { class: "list" }, raters.map(raterRow)),
  );
}

/** @param {Rater} rater */
function raterRow({ name, assigned, judged }) {
  const text = assigned > 0 ? `${judged} ranked, ${assigned} given out` : `${judged} ranked`;
  return h(
    "li",
    { class: "stack-tight" },
    h(
      "div",
      { class: "row row-ends" },
      h("strong", {}, name),
      h("span", { class: "small quiet" }, text),
    ),
    assigned > 0 && h("progress", {
      max: assigned,
      value: Math.min(judged, assigned),
      aria: { label: `Progress of ${name}` },
    }),
  );
}

/** @param {Disagreement[]} list */
function disagreements(list) {
  if (list.length === 0) return null;
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Cases to talk about"),
    table("Where colleagues order the answers differently, the furthest apart first", [
      { title: "Case", isHead: true, cell: caseLink },
      {
        title: "Your ranking",
        cell: ({ samplingID }) => h("a", { href: `/rank/${samplingID}` }, "Look again"),
      },
      { title: "Opposite order", isNumber: true, cell: ({ spread }) => percent(spread) },
    ], list),
  );
}

/** @param {Disagreement} disagreement */
function caseLink({ caseID, samplingID }) {
  if (!caseID) return `Answers ${samplingID}`;
  return h("a", { href: `/cases/${encodeURIComponent(caseID)}` }, caseID);
}
