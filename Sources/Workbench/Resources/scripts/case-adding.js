// Adding cases: from the bank, from a file or pasted rows, typed.

import { post } from "./api.js";
import { onSubmit, open } from "./dialog.js";
import { fill, find, h, part } from "./dom.js";
import { counted, letter } from "./format.js";
import { readForm } from "./form.js";

/** @typedef {(text: string) => void} OnAdded */

/** Made-up cases differ with the seed, so that a second helping brings new ones. */
export function freshSeed() {
  return Math.floor(Math.random() * 2 ** 31);
}

/** @param {OnAdded} onAdded */
export function prepareBank(onAdded) {
  const dialog = find("bank-dialog", HTMLDialogElement);
  part("add-bank").addEventListener("click", () => open(dialog));
  const form = find("bank-form", HTMLFormElement);
  onSubmit(form, part("bank-error"), async () => {
    const { count } = readForm(form);
    const { imported } = await post("/api/cases/bank", { count, seed: freshSeed() });
    dialog.close();
    onAdded(`${counted(imported, "practice case")} added`);
  });
}

/** @param {OnAdded} onAdded */
export function prepareImport(onAdded) {
  const dialog = find("import-dialog", HTMLDialogElement);
  const file = find("import-file", HTMLInputElement);
  const text = find("import-text", HTMLTextAreaElement);
  const format = find("import-format", HTMLSelectElement);
  part("add-file").addEventListener("click", () => open(dialog));
  file.addEventListener("change", () => {
    const name = file.files?.[0]?.name.toLowerCase() ?? "";
    if (name !== "") format.value = name.endsWith(".csv") ? "csv" : "jsonl";
  });
  text.addEventListener("input", () => {
    if (text.value.trim() !== "") {
      format.value = text.value.trimStart().startsWith("{") ? "jsonl" : "csv";
    }
  });
  onSubmit(find("import-form", HTMLFormElement), part("import-error"), async () => {
    const source = file.files?.[0] ?? text.value;
    const type = format.value === "csv" ? "text/csv" : "application/x-ndjson";
    const body = new Blob([source], { type });
    const { imported } = await post(`/api/cases/import?format=${format.value}`, body);
    dialog.close();
    file.value = "";
    text.value = "";
    onAdded(`${counted(imported, "case")} imported`);
  });
}

/** As many options as the letters A to H. */
const mostOptions = 8;

/** @param {OnAdded} onAdded */
export function prepareTyping(onAdded) {
  const dialog = find("typed-dialog", HTMLDialogElement);
  const form = find("typed-form", HTMLFormElement);
  const options = part("typed-options");
  const more = find("typed-add", HTMLButtonElement);
  const add = () => {
    options.append(optionRow(options.childElementCount));
    more.disabled = options.childElementCount >= mostOptions;
  };
  const reset = () => {
    form.reset();
    fill(options);
    for (let count = 0; count < 4; count += 1) add();
  };
  reset();
  more.addEventListener("click", () => {
    add();
    options.lastElementChild?.querySelector("input")?.focus();
  });
  part("add-typed").addEventListener("click", () => open(dialog));
  onSubmit(form, part("typed-error"), async () => {
    const { question, answer, diagnosis } = readForm(form);
    await post("/api/cases", { question, answer, diagnosis, options: typedOptions(options) });
    dialog.close();
    reset();
    onAdded("Case added");
  });
}

/** @param {number} index */
function optionRow(index) {
  const name = letter(index);
  const id = `typed-option-${name}`;
  return h(
    "div",
    { class: "option-row" },
    h("label", { class: "letter", for: id }, h("span", { class: "hush" }, "Option "), name),
    h("input", { id, maxlength: 400, data: { letter: name } }),
  );
}

/** @param {HTMLElement} place */
function typedOptions(place) {
  return [...place.querySelectorAll("input")]
    .map((input) => ({ letter: input.dataset.letter ?? "", text: input.value.trim() }))
    .filter(({ text }) => text !== "");
}
