// What people choose of where the model looked.

import { fill, h } from "./dom.js";

/** @typedef {import("./looking.js").Looking} Looking */

/** @type {Record<string, {name: string, hint: string}>} */
const maps = {
  saliency: {
    name: "What the answer depends on",
    hint:
      "Yellow: a small change of the image here changes how probable this answer is. It does not say whether what stands there was understood.",
  },
  attention: {
    name: "What it attended to",
    hint:
      "Yellow: the part of the model that sees gave this most weight. It is the same for every answer to the image.",
  },
};

let lastID = 0;

/**
 * Answer, map and slider; nothing while there is no answer to choose.
 * @param {Looking} looking
 */
export function lookingPanel(looking) {
  lastID += 1;
  const id = (/** @type {string} */ part) => `looking-${lastID}-${part}`;
  const answer = h("select", {
    id: id("answer"),
    onchange: () => looking.choose(answer.value === "" ? null : Number(answer.value)),
  });
  const map = h("select", {
    id: id("map"),
    onchange: () => {
      looking.map = map.value === "attention" ? "attention" : "saliency";
      looking.changed();
    },
  }, Object.entries(maps).map(([value, { name }]) => h("option", { value }, name)));
  const share = h("input", {
    id: id("share"),
    type: "range",
    min: 0,
    max: 100,
    step: 5,
    value: 100,
    oninput: () => {
      looking.share = Number(share.value);
      looking.changed();
    },
  });
  const hint = h("p", { class: "hint" });
  const status = h("p", { class: "small", role: "status" });
  const panel = h(
    "fieldset",
    { class: "looking" },
    h("legend", {}, "Where it looked"),
    h("span", {}, h("label", { for: id("answer") }, "Answer"), answer),
    h("span", {}, h("label", { for: id("map") }, "Overlay"), map),
    h("span", {}, h("label", { for: id("share") }, "Before – after"), share),
    hint,
    status,
  );
  looking.watch(() => {
    panel.hidden = looking.answers.length === 0;
    fill(
      answer,
      [{ id: null, name: "None" }, ...looking.answers].map((one) =>
        h(
          "option",
          { value: String(one.id ?? ""), selected: one.id === looking.answer },
          one.name,
        )
      ),
    );
    map.value = looking.map;
    const isOff = looking.answer === null;
    map.disabled = share.disabled = isOff;
    hint.textContent = isOff
      ? "Choose an answer to lay over the image what the model looked at."
      : maps[looking.map]?.hint ?? "";
    panel.toggleAttribute("aria-busy", looking.pending.size > 0);
    status.textContent = looking.pending.size > 0
      ? "Being computed …"
      : [...new Set(looking.errors.values())].join(" ");
  });
  return panel;
}

/**
 * Switches the overlay of one answer on and off.
 * @param {Looking} looking
 * @param {number} id
 * @param {import("./dom.js").Child[]} rest
 */
export function lookButton(looking, id, ...rest) {
  const button = h(
    "button",
    { class: "button slim", type: "button", onclick: () => looking.toggle(id) },
    "Where it looked",
    rest,
  );
  looking.watch(() => {
    button.hidden = !looking.answers.some((one) => one.id === id);
    button.setAttribute("aria-pressed", String(looking.answer === id));
  });
  return button;
}
