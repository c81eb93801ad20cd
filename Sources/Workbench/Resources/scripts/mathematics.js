// The mathematics of one ranking, measured by the model itself.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { letter, number } from "./format.js";
import { advantage, gradientNorm, implicitReward, pairLoss } from "./formulas.js";
import { answersTable, pairsTable } from "./mathematics-tables.js";
import { notice, showError } from "./notice.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Mathematics} Mathematics */

/**
 * @param {HTMLElement} place
 * @param {string} path of the sampling
 * @param {Answer[]} answers in the order of this rater
 */
export function showMathematics(place, path, answers) {
  const beta = h("input", {
    class: "narrow",
    id: "beta",
    type: "number",
    min: 0.01,
    max: 1,
    step: 0.01,
    value: "0.1",
    aria: { describedby: "beta-hint" },
  });
  const result = h("div", { class: "stack" });
  const heard = h("p", { class: "hush", role: "status" });
  const load = async () => {
    result.setAttribute("aria-busy", "true");
    fill(
      result,
      h("p", { class: "quiet" }, "The model is reading the answers again …"),
      h("progress"),
    );
    try {
      /** @type {Mathematics} */
      const measured = await get(`${path}/mathematics?beta=${encodeURIComponent(beta.value)}`);
      fill(result, report(measured, Number(beta.value), nameOf(answers)));
      heard.textContent = "The numbers are ready.";
    } catch (error) {
      showError(result, error);
    }
    result.removeAttribute("aria-busy");
  };
  beta.addEventListener("change", () => beta.reportValidity() && load());
  fill(
    place,
    h("h2", {}, "What your ranking tells the model"),
    h(
      "p",
      { class: "quiet" },
      "You need none of this to judge. It shows, in numbers from the model itself, what it makes of your order before anything is changed.",
    ),
    h(
      "div",
      { class: "field" },
      h("label", { for: "beta" }, "β"),
      beta,
      h(
        "p",
        { class: "hint", id: "beta-hint" },
        "How strictly the model is held to what it was before. 0.1 is usual.",
      ),
    ),
    heard,
    result,
  );
  void load();
}

/**
 * A formula; on a narrow screen it can be scrolled, also by keyboard.
 * @param {string} name
 * @param {Element} formula
 */
function formulaView(name, formula) {
  return h("div", { class: "formula", tabindex: 0, role: "group", aria: { label: name } }, formula);
}

/** @param {Answer[]} answers @returns {(id: number) => string} */
function nameOf(answers) {
  return (id) => letter(answers.findIndex((answer) => answer.id === id));
}

/**
 * @param {Mathematics} measured
 * @param {number} beta
 * @param {(id: number) => string} name
 */
function report(measured, beta, name) {
  return [
    h(
      "p",
      { class: "small quiet" },
      `Policy π_θ: version ${measured.policy}. Reference π_ref: version ${measured.reference}.`,
    ),
    measured.policy === measured.reference &&
    notice(
      "",
      h(
        "p",
        {},
        "Policy and reference are still the same version, so every reward and margin below is 0 and the loss ln 2. After the first update they part.",
      ),
    ),
    h("h3", {}, "How likely each answer is to the model"),
    formulaView("Formula of the implicit reward", implicitReward()),
    h(
      "p",
      { class: "small quiet" },
      "log π is the log-probability of the whole answer given the case, in nats: the nearer to 0, the likelier. The implicit reward r is how much more the model likes an answer than the reference does.",
    ),
    formulaView("Formula of the advantage", advantage()),
    h(
      "p",
      { class: "small quiet" },
      "Your order gives rewards R from 1 (best) to 0 (worst). The advantage A says how far an answer is above or below the mean of its group: GRPO makes answers above it likelier.",
    ),
    answersTable(measured.answers, name),
    h("h3", {}, "What each pair of your order costs"),
    formulaView("Formula of the loss of a pair", pairLoss()),
    pairs(measured, beta, name),
    h("h3", {}, "What an update on this ranking alone would change"),
    formulaView("Formula of the gradient norm", gradientNorm()),
    gradient(measured),
  ];
}

/**
 * @param {Mathematics} measured
 * @param {number} beta
 * @param {(id: number) => string} name
 */
function pairs(measured, beta, name) {
  if (measured.pairs.length === 0) {
    return h(
      "p",
      {},
      "Your ranking puts no answer above another, so there is no pair to learn from.",
    );
  }
  const [first] = measured.pairs;
  return h(
    "div",
    { class: "stack" },
    h(
      "p",
      { class: "small quiet" },
      "The margin is the better answer’s reward less the worse one’s. At a margin of 0 the loss is ln 2 = 0.693: the model does not see the difference yet. Training makes the loss smaller.",
    ),
    pairsTable(measured.pairs, name),
    first &&
      h(
        "p",
        { class: "small" },
        `Worked for ${name(first.chosen)} above ${name(first.rejected)}, β = ${beta}: `,
        h(
          "span",
          { class: "mono" },
          `−ln σ(${number(first.margin, 4)}) = ${number(first.loss, 4)}`,
        ),
      ),
    h("p", {}, "Mean DPO loss: ", h("strong", {}, number(measured.loss, 4))),
  );
}

/** @param {Mathematics} measured */
function gradient(measured) {
  const { gradientNorm: norm } = measured;
  if (norm === null || norm === undefined) {
    return h("p", {}, "Without a pair there is nothing to change.");
  }
  return h(
    "p",
    {},
    "Gradient norm: ",
    h("strong", {}, number(norm, 4)),
    h(
      "span",
      { class: "quiet" },
      ". Near 0, the model already follows your order; the larger it is, the more this ranking pulls at its weights. Nothing has been changed yet.",
    ),
  );
}
