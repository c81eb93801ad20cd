// States of an update in words.

/** @typedef {import("./types.js").Job} Job */

/** @type {Record<string, {name: string, mood: "good" | "warn" | "bad" | "accent"}>} */
const states = {
  preparing: { name: "Collecting judgements", mood: "accent" },
  training: { name: "Training", mood: "accent" },
  evaluating: { name: "Testing on unseen cases", mood: "accent" },
  finished: { name: "Finished", mood: "good" },
  failed: { name: "Failed", mood: "bad" },
  stopped: { name: "Stopped", mood: "warn" },
};

/** @param {string} state */
export function jobState(state) {
  return states[state] ?? { name: state, mood: /** @type {const} */ ("accent") };
}

/** @param {Job} job */
export function isRunning({ state }) {
  return ["preparing", "training", "evaluating"].includes(state);
}
