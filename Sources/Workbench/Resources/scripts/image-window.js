// Which frame of a DICOM image is shown, and which of its grey values.

import { h } from "./dom.js";

/** @typedef {{center: number, width: number}} GreyWindow */

let lastID = 0;

/**
 * @param {string} text
 * @param {{min: number, max: number, step: number, value: number}} range
 * @param {(value: number) => void} onChange
 */
function slider(text, range, onChange) {
  lastID += 1;
  const id = `image-slider-${lastID}`;
  const input = h("input", { id, type: "range", ...range });
  const shown = h("output", { for: id }, String(range.value));
  const change = () => {
    shown.textContent = input.value;
    onChange(Number(input.value));
  };
  input.addEventListener("input", change);
  const element = h("span", { class: "image-slider" }, h("label", { for: id }, text), input, shown);
  return { element, input, shown };
}

/**
 * @param {number} count
 * @param {(wish: {frame: number}) => void} onChange
 */
export function frameField(count, onChange) {
  const range = { min: 1, max: count, step: 1, value: 1 };
  return slider("Frame", range, (value) => onChange({ frame: value - 1 })).element;
}

/**
 * Level and width as radiologists say; the ends are far from what the file asks for.
 * @param {GreyWindow} stored
 * @param {(wish: GreyWindow) => void} onChange
 */
export function windowFields(stored, onChange) {
  const now = { ...stored };
  const reach = Math.max(2 * stored.width, 1);
  const step = Math.max(1, Math.round(reach / 200));
  const level = slider(
    "Level",
    {
      min: Math.floor(stored.center - reach),
      max: Math.ceil(stored.center + reach),
      step,
      value: stored.center,
    },
    (center) => onChange(Object.assign(now, { center })),
  );
  const width = slider(
    "Width",
    { min: 1, max: Math.ceil(4 * Math.max(stored.width, 1)), step, value: stored.width },
    (value) => onChange(Object.assign(now, { width: value })),
  );
  const reset = h("button", {
    class: "button slim",
    type: "button",
    onclick: () => {
      Object.assign(now, stored);
      for (const [field, value] of [[level, stored.center], [width, stored.width]]) {
        field.input.value = String(value);
        field.shown.textContent = String(value);
      }
      onChange(now);
    },
  }, "As stored");
  return [level.element, width.element, reset];
}
