// The next three steps: cases, judgements, an update.

import { get, post } from "./api.js";
import { freshSeed } from "./case-adding.js";
import { fill, h } from "./dom.js";
import { counted } from "./format.js";
import { showError } from "./notice.js";
import { may } from "./session.js";

/** @typedef {import("./page-overview.js").Overview} Overview */
/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./dom.js").Child} Child */

/** How many practice cases one click brings. */
const practice = 20;

/**
 * @param {HTMLElement} place
 * @param {Overview} overview
 * @param {Account} account
 */
export async function showSteps(place, { counts }, account) {
  const isExpert = may(account, "expert");
  const waiting = isExpert ? (await get("/api/queue")).remaining : 0;
  const judged = counts.pending > 0;
  const hasCases = counts.cases > 0;
  fill(
    place,
    step(
      hasCases ? "done" : "now",
      "Have some cases",
      hasCases
        ? `${counted(counts.cases, "case")} are here.`
        : "A case is a question with its known answer. Practice cases are made up; no patient is behind them.",
      isExpert ? caseActions(hasCases) : [],
    ),
    step(
      !hasCases ? "later" : judged ? "done" : "now",
      "Judge the model’s answers",
      judgeText(waiting, counts.rankings + counts.feedback),
      isExpert && hasCases ? judgeActions(waiting, judged) : [],
    ),
    step(
      judged ? "now" : "later",
      "Update the model",
      judged
        ? `${
          counted(counts.pending, "new judgement")
        } to learn from. It takes a few minutes, and you can go on working.`
        : "From your judgements a new version is trained and tested on cases it has never seen.",
      judged ? [h("a", { class: "button primary", href: "/updates" }, "Go to updates")] : [],
    ),
  );
}

/**
 * @param {"done" | "now" | "later"} state
 * @param {string} title
 * @param {string} text
 * @param {Child[]} actions
 */
function step(state, title, text, actions) {
  const words = { done: "done", now: "next", later: "later" };
  return h(
    "li",
    { data: { state } },
    h("h3", {}, title, h("span", { class: "hush" }, ` (${words[state]})`)),
    h("p", { class: "quiet" }, text),
    actions.length > 0 && h("div", { class: "row" }, actions),
    h("div", { role: "alert" }),
  );
}

/** @param {boolean} hasCases */
function caseActions(hasCases) {
  return [
    action(`Add ${practice} practice cases`, !hasCases, async () => {
      await post("/api/cases/bank", { count: practice, seed: freshSeed() });
      location.reload();
    }),
    h("a", { class: "button", href: "/cases" }, hasCases ? "See them" : "Use your own"),
  ];
}

/**
 * @param {number} waiting
 * @param {number} judged
 */
function judgeText(waiting, judged) {
  if (waiting > 0) return `The answers to ${counted(waiting, "case")} wait for your ranking.`;
  const begin = "The model answers a case several times; you put the answers in order.";
  return judged > 0 ? `You and your team judged ${counted(judged, "time")}.` : begin;
}

/**
 * @param {number} waiting
 * @param {boolean} judged
 */
function judgeActions(waiting, judged) {
  if (waiting > 0) {
    return [
      h("a", { class: judged ? "button" : "button primary", href: "/rank" }, "Rank the answers"),
    ];
  }
  return [
    action("Let the model answer a case", !judged, answerSomeCase),
    h("a", { class: "button", href: "/ask" }, "Ask and correct instead"),
  ];
}

/** Takes a case that nobody has had answered and that may train the model. */
async function answerSomeCase() {
  /** @type {{cases: import("./types.js").CaseSummary[]}} */
  const { cases } = await get("/api/cases?limit=200");
  const usable = cases.filter(({ heldOut }) => !heldOut);
  const fresh = usable.find(({ samplings }) => samplings === 0) ?? usable[0] ?? cases[0];
  if (!fresh) return;
  const path = `/cases/${encodeURIComponent(fresh.id)}`;
  const { sampling } = await post(`/api${path}/samplings`, { verify: false });
  location.assign(`${path}?sampling=${sampling.id}`);
}

/**
 * A button that rests while it works and shows its error under the step.
 * @param {string} text
 * @param {boolean} isPrimary
 * @param {() => Promise<void>} work
 */
function action(text, isPrimary, work) {
  const button = h(
    "button",
    { class: isPrimary ? "button primary" : "button", type: "button" },
    text,
  );
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      const place = button.closest("li")?.querySelector("[role=alert]");
      if (place) showError(place, error);
    }
    button.disabled = false;
  });
  return button;
}
