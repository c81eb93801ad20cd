// Two versions side by side, blind.

import { get, post } from "./api.js";
import { caseView } from "./case-view.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part, show } from "./dom.js";
import { beginning } from "./format.js";
import { standing } from "./arena-standing.js";
import { attempt, empty, loading, notice, toast } from "./notice.js";
import { whenOver } from "./sampling-wait.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";

/** @typedef {import("./types.js").Version} Version */
/**
 * @typedef {{
 *   id: number, question: string, images: import("./types.js").CaseImage[],
 *   left: {text: string}, right: {text: string}
 * }} Duel
 */

/** @type {Duel | null} */
let duel = null;
/** @type {Version[]} */
let versions = [];

start(async (account) => {
  const isExpert = may(account, "expert");
  await loading(part("standing"), async () => {
    ({ versions } = await get("/api/versions"));
    fill(part("standing"), standing(await get("/api/arena/standing"), versionName));
  });
  if (!isExpert) {
    fill(
      part("duel"),
      empty("Comparing is for experts", "You can see below how the versions stand."),
    );
    return;
  }
  addKeys();
  await next();
  await prepare();
});

/** @param {number} id */
function versionName(id) {
  return versions.find((version) => version.id === id)?.name ?? `version ${id}`;
}

function next() {
  return loading(part("duel"), async () => {
    ({ duel } = await get("/api/arena/next"));
    fill(
      part("duel"),
      duel ? sheet(duel) : empty(
        "Nothing to compare now",
        versions.length < 2
          ? "There is only one version of the model so far. Update it once, then compare the new version with the old one."
          : "Choose two versions and a case below, and both answer it.",
      ),
    );
  });
}

/** @param {Duel} shown */
function sheet({ question, images, left, right }) {
  /** @param {string} name @param {string} text */
  const answer = (name, text) =>
    h(
      "article",
      { class: "answer", aria: { label: name } },
      h("header", { class: "answer-head" }, h("h2", {}, name)),
      h("div", { class: "answer-body" }, h("div", { class: "answer-text" }, text)),
    );
  /** @param {string} outcome @param {string} text @param {string} key */
  const choice = (outcome, text, key) =>
    h(
      "button",
      {
        class: "button",
        type: "button",
        onclick: () => judge(outcome),
      },
      text,
      " ",
      h("kbd", { aria: { hidden: true } }, key),
    );
  return [
    h(
      "article",
      { class: "card", aria: { label: "Case" } },
      caseView({ question, images, options: [] }),
    ),
    h(
      "div",
      { class: "duel" },
      answer("Left answer", left.text),
      answer("Right answer", right.text),
    ),
    h(
      "div",
      { class: "row", role: "group", aria: { label: "Which answer is better?" } },
      choice("left", "Left is better", "←"),
      choice("tie", "Equally good", "T"),
      choice("right", "Right is better", "→"),
      choice("neither", "Neither is acceptable", "U"),
    ),
    h("div", { id: "judge-error", role: "alert" }),
  ];
}

/** @param {string} outcome */
async function judge(outcome) {
  if (!duel) return;
  const { id } = duel;
  await attempt(part("judge-error"), async () => {
    const { duel: judged } = await post(`/api/arena/${id}`, { outcome });
    toast(
      `Saved. Left was ${versionName(judged.leftVersion)}, right was ${
        versionName(judged.rightVersion)
      }.`,
    );
    fill(part("standing"), standing(await get("/api/arena/standing"), versionName));
    await next();
  });
}

function addKeys() {
  const when = () => duel !== null;
  addShortcuts(
    { keys: ["arrowleft"], text: "Left is better", when, run: () => void judge("left") },
    { keys: ["arrowright"], text: "Right is better", when, run: () => void judge("right") },
    { keys: ["t"], text: "Equally good", when, run: () => void judge("tie") },
    { keys: ["u"], text: "Neither is acceptable", when, run: () => void judge("neither") },
  );
}

async function prepare() {
  const usable = versions.filter(({ state }) => !["training", "failed"].includes(state));
  const [left, right] = [
    find("left-version", HTMLSelectElement),
    find("right-version", HTMLSelectElement),
  ];
  const option = (/** @type {Version} */ { id, name }) => h("option", { value: String(id) }, name);
  fill(left, usable.map(option));
  fill(right, usable.map(option));
  right.selectedIndex = usable.length - 1;
  const { cases } = await get("/api/cases?limit=200");
  const select = find("duel-case", HTMLSelectElement);
  fill(
    select,
    cases.map((/** @type {import("./types.js").CaseSummary} */ one) =>
      h("option", { value: one.id }, beginning(one.question, 80))
    ),
  );
  select.selectedIndex = Math.floor(Math.random() * cases.length);
  onSubmit(find("duel-form", HTMLFormElement), part("duel-error"), async () => {
    if (left.value === right.value) {
      fill(part("duel-error"), notice("warn", h("p", {}, "Choose two different versions.")));
      return;
    }
    await answer(Number(left.value), Number(right.value), select.value);
  });
}

/**
 * @param {number} left
 * @param {number} right
 * @param {string} caseID
 */
async function answer(left, right, caseID) {
  const state = part("duel-state");
  const { samplings } = await post("/api/arena", { left, right, caseID });
  let done = 0;
  /** @param {{id: number, state: string}} sampling */
  const follow = async ({ id }) => {
    state.textContent = `Both are answering … ${done} of 2 ready`;
    await whenOver(id);
    done += 1;
    state.textContent = done < 2 ? `Both are answering … ${done} of 2 ready` : "";
  };
  await Promise.all(samplings.map(follow));
  await next();
  show(part("duel"), true);
  part("duel").scrollIntoView({ block: "start" });
}
