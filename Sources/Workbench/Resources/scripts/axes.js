// The clinician's axes of one answer, each from 1 (poor) to 5 (good).

import { h } from "./dom.js";

/** @typedef {import("./rank-model.js").RankModel} RankModel */

const axes = [
  { axis: "correctness", name: "Correct", low: "wrong", high: "correct" },
  { axis: "reasoning", name: "Reasoning", low: "unsound", high: "sound" },
  { axis: "harm", name: "Safety", low: "could do harm", high: "harmless" },
  { axis: "missing", name: "Completeness", low: "much is missing", high: "nothing is missing" },
  { axis: "bias", name: "Fairness", low: "biased", high: "no bias" },
];

/**
 * @param {RankModel} model
 * @param {number} id of the answer
 */
export function axesForm(model, id) {
  return h(
    "div",
    { class: "axes" },
    axes.map(({ axis, name, low, high }) =>
      h(
        "fieldset",
        { class: "axis" },
        h("legend", { class: "hush" }, name),
        h(
          "div",
          {},
          h("strong", { class: "small" }, name),
          h("div", { class: "small quiet" }, `1 ${low}, 5 ${high}`),
        ),
        h(
          "div",
          { class: "axis-scale" },
          [1, 2, 3, 4, 5].map((score) => scaleStep(model, id, axis, score)),
        ),
      )
    ),
  );
}

/**
 * @param {RankModel} model
 * @param {number} id
 * @param {string} axis
 * @param {number} score
 */
function scaleStep(model, id, axis, score) {
  const input = h("input", {
    type: "radio",
    name: `${axis}-${id}`,
    value: String(score),
    checked: model.axes[id]?.[axis] === score,
    onchange: () => model.rate(id, axis, score),
    // A second click takes the score back.
    onclick: () => {
      if (model.axes[id]?.[axis] === score && input.dataset.was === "yes") {
        input.checked = false;
        model.rate(id, axis, null);
      }
      for (const other of document.getElementsByName(input.name)) {
        other.dataset.was = other === input && input.checked ? "yes" : "";
      }
    },
  });
  if (input.checked) input.dataset.was = "yes";
  return h("label", {}, input, String(score));
}
