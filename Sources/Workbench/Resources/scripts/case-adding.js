// Adding cases: from the bank, from a file or pasted rows, typed.

import { post } from "./api.js";
import { onSubmit, open } from "./dialog.js";
import { fill, find, h, part } from "./dom.js";
import { counted, letter } from "./format.js";
import { readForm } from "./form.js";
import { uploadImages } from "./image-upload.js";

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
  const images = find("import-images", HTMLInputElement);
  const progress = part("import-progress");
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
    const chosen = [...images.files ?? []];
    const identity = find("import-identity", HTMLSelectElement).value;
    const hashes = await uploadImages(chosen, identity, (done) => {
      progress.textContent = `${done} of ${counted(chosen.length, "image")} brought in`;
    });
    const { imported } = await (chosen.length > 0
      ? importNaming(hashes, source, format.value)
      : importRows(source, format.value));
    dialog.close();
    for (const field of [file, text, images]) field.value = "";
    progress.textContent = "";
    onAdded(`${counted(imported, "case")} imported`);
  });
}

/**
 * @param {File | string} source
 * @param {string} format
 * @returns {Promise<{imported: number}>}
 */
function importRows(source, format) {
  const type = format === "csv" ? "text/csv" : "application/x-ndjson";
  return post(`/api/cases/import?format=${format}`, new Blob([source], { type }));
}

/**
 * @param {Record<string, string>} hashes
 * @param {File | string} source
 * @param {string} format
 * @returns {Promise<{imported: number}>}
 */
async function importNaming(hashes, source, format) {
  const rows = typeof source === "string" ? source : await source.text();
  return post("/api/cases/import-with-images", { format, rows, hashes });
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
    const files = find("typed-images", HTMLInputElement).files ?? [];
    const identity = find("typed-identity", HTMLSelectElement).value;
    const images = Object.values(await uploadImages(files, identity));
    const given = typedOptions(options);
    await post("/api/cases", { question, images, answer, diagnosis, options: given });
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
