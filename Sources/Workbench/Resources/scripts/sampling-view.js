// One sampling: its state, the answers that were kept and those that were not.

import { fill, h } from "./dom.js";
import { compact, counted, percent } from "./format.js";
import { lookButton } from "./looking-view.js";
import { notice } from "./notice.js";
import { isOver, stateOf, stateSentence, verdictName } from "./sampling-words.js";

/** @typedef {import("./types.js").Rejection} Rejection */
/** @typedef {import("./types.js").Sampling} Sampling */
/** @typedef {import("./types.js").Trace} Trace */

/** @typedef {{sampling: Sampling, traces: Trace[], rejected: Rejection[]}} Sampled */

/**
 * How far it is: answers kept, attempts, acceptance rate.
 * @param {Sampling} sampling
 */
export function samplingProgress(sampling) {
  const { accepted, attempts, wanted, schedule } = sampling;
  return [
    h(
      "dl",
      { class: "facts" },
      fact("Answers kept", String(accepted), `of ${wanted}`),
      fact("Attempts", String(attempts), schedule ? `of ${schedule.attempts}` : ""),
      fact("Acceptance rate", attempts > 0 ? percent(accepted / attempts) : "–", ""),
    ),
    !isOver(sampling.state) && h("progress", {
      max: wanted,
      value: accepted,
      aria: { label: "Answers kept" },
    }),
  ];
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} rest
 */
function fact(name, value, rest) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value, rest && h("small", {}, ` ${rest}`)));
}

/** @param {Sampling} sampling */
export function samplingState(sampling) {
  const { name, mood } = stateOf(sampling.state);
  const children = [h("p", {}, h("strong", {}, name), ". ", stateSentence(sampling))];
  return notice(mood === "accent" ? "" : mood, ...children);
}

/**
 * @param {Trace[]} traces
 * @param {import("./looking.js").Looking} [looking]
 */
export function keptAnswers(traces, looking) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, counted(traces.length, "answer kept", "answers kept")),
    traces.length === 0 ? h("p", { class: "quiet" }, "None yet.") : h(
      "ul",
      { class: "list" },
      traces.map((trace) =>
        h(
          "li",
          { class: "stack-tight" },
          traceHead(trace),
          h("div", { class: "answer-text" }, trace.text),
          looking && h("p", {}, lookButton(looking, trace.id)),
        )
      ),
    ),
  );
}

/** @param {Trace} trace */
function traceHead({ attempt, verdict, tokens, temperature }) {
  return h(
    "div",
    { class: "row" },
    h("span", { class: `chip ${verdict === "correct" ? "good" : ""}` }, verdictName(verdict)),
    h(
      "span",
      { class: "small quiet" },
      `Attempt ${attempt}`,
      tokens ? `, ${counted(tokens, "token")}` : "",
      temperature === undefined ? "" : `, temperature ${compact(temperature)}`,
    ),
  );
}

/** @param {Rejection[]} rejected */
export function rejectedAnswers(rejected) {
  if (rejected.length === 0) return null;
  return h(
    "section",
    { class: "card" },
    h("h2", {}, counted(rejected.length, "answer not kept", "answers not kept")),
    h(
      "ul",
      { class: "list" },
      rejected.map(({ attempt, text, verdict, reason }) =>
        h(
          "li",
          { class: "stack-tight" },
          h(
            "div",
            { class: "row" },
            h("span", { class: "chip warn" }, verdictName(verdict)),
            h("span", { class: "small quiet" }, `Attempt ${attempt}`),
          ),
          h("p", {}, reason),
          h("details", {}, h("summary", {}, "Read it"), h("div", { class: "answer-text" }, text)),
        )
      ),
    ),
  );
}

/**
 * Everything about one sampling.
 * @param {HTMLElement} place
 * @param {Sampled} sampled
 * @param {import("./dom.js").Child} actions
 * @param {import("./looking.js").Looking} [looking]
 */
export function showSampling(place, { sampling, traces, rejected }, actions, looking) {
  fill(
    place,
    h(
      "section",
      { class: "card stack", aria: { label: "State" } },
      samplingState(sampling),
      samplingProgress(sampling),
      actions,
    ),
    keptAnswers(traces, looking),
    rejectedAnswers(rejected),
  );
}
