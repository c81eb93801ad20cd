// States and verdicts of sampling in words for clinicians.

import { counted } from "./format.js";

/** @typedef {import("./types.js").Sampling} Sampling */

/** @type {Record<string, {name: string, mood: "good" | "warn" | "bad" | "accent"}>} */
const states = {
  queued: { name: "Waiting", mood: "accent" },
  running: { name: "Answering", mood: "accent" },
  verified: { name: "Complete", mood: "good" },
  exhausted: { name: "Attempts used up", mood: "warn" },
  stopped: { name: "Stopped", mood: "warn" },
  failed: { name: "Failed", mood: "bad" },
};

/** @type {Record<string, string>} */
const verdicts = {
  correct: "Right diagnosis",
  wrong: "Wrong diagnosis",
  ambiguous: "No single answer",
  missing: "No answer given",
  similar: "Too like another",
  unverified: "Not checked",
};

/** @param {string} state */
export function stateOf(state) {
  return states[state] ?? { name: state, mood: /** @type {const} */ ("accent") };
}

/** @param {string} verdict */
export function verdictName(verdict) {
  return verdicts[verdict] ?? verdict;
}

/** @param {string} state */
export function isOver(state) {
  return state !== "queued" && state !== "running";
}

/**
 * What a state means, and what can be done.
 * @param {Sampling} sampling
 */
export function stateSentence({ state, accepted, attempts, wanted, error, verify }) {
  const kept = `${counted(accepted, "answer")} kept after ${counted(attempts, "attempt")}.`;
  if (state === "verified") {
    return verify ? `${kept} Each reaches the correct diagnosis by itself.` : kept;
  }
  if (state === "exhausted") {
    const rest = accepted > 1 ? "rank what there is, " : "";
    return `${kept} ${wanted} were wanted. You can ${rest}try again with more attempts, or keep wrong answers too.`;
  }
  if (state === "failed") return `${kept} The model stopped: ${error ?? "no reason was given"}.`;
  if (state === "stopped") return kept;
  if (state === "queued") return "The model is busy with something else and comes to this next.";
  return `${kept} ${wanted} are wanted.`;
}
