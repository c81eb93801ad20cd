// The start page: what to do next, and what has been done.

import { get, post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part, show } from "./dom.js";
import { counted, dayName, percent, whole } from "./format.js";
import { lineChart } from "./line-chart.js";
import { loading, notice } from "./notice.js";
import { showSteps } from "./next-steps.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";

/** @typedef {import("./types.js").FeedbackStatistics} Statistics */

/**
 * @typedef {{
 *   counts: {
 *     cases: number, rankings: number, feedback: number, duels: number, versions: number,
 *     pending: number
 *   },
 *   acceptance: [string, number][], current: {id: number, name: string, method: string},
 *   statistics: Statistics
 * }} Overview
 */

start(async (account) => {
  show(part("exports"), may(account, "expert"));
  onSubmit(find("state-form", HTMLFormElement), part("state-result"), restore);
  addShortcuts(
    { keys: ["c"], text: "Cases", run: () => location.assign("/cases") },
    { keys: ["r"], text: "Rank answers", run: () => location.assign("/rank") },
    { keys: ["a"], text: "Ask and correct", run: () => location.assign("/ask") },
    { keys: ["u"], text: "Updates", run: () => location.assign("/updates") },
  );
  await loading(part("overview"), async () => {
    /** @type {Overview} */
    const overview = await get("/api/overview");
    showCounts(overview);
    showAcceptance(overview.acceptance);
    await showSteps(part("steps"), overview, account);
  });
});

/** @param {Overview} overview */
function showCounts({ counts, current, statistics }) {
  /** @param {string} name @param {string} value @param {string} [rest] */
  const fact = (name, value, rest = "") =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value, rest && h("small", {}, ` ${rest}`)));
  const judged = statistics.accepted + statistics.edited;
  fill(
    part("counts"),
    fact("Cases", whole(counts.cases)),
    fact("Rankings", whole(counts.rankings)),
    fact(
      "Accepted or corrected",
      whole(counts.feedback),
      judged > 0 ? `${percent(statistics.editRate)} corrected` : "",
    ),
    fact("Comparisons", whole(counts.duels)),
    fact("Version in use", current.name, `of ${whole(counts.versions)}`),
  );
}

/** @param {[string, number][]} days */
function showAcceptance(days) {
  show(part("acceptance"), days.length > 1);
  if (days.length < 2) return;
  fill(
    part("acceptance-chart"),
    lineChart({
      title: "Acceptance rate",
      note: "Share of attempts that reached the right diagnosis and were kept, by day",
      points: days.map(([, rate], index) => [index, rate]),
      range: [0, 1],
      xName: "day",
      label: (index) => dayName(days[Math.round(index)]?.[0]),
    }),
  );
}

async function restore() {
  const file = find("state-file", HTMLInputElement).files?.[0];
  if (!file) return;
  const body = new Blob([file], { type: "application/x-ndjson" });
  const { imported } = await post("/api/import/state", body);
  fill(
    part("state-result"),
    notice(
      "good",
      h("p", {}, `${counted(imported, "line")} imported. Reload the page to see them.`),
    ),
  );
}
