// Reading forms as the API wants their values.

/**
 * The named fields: numbers and ids as numbers, check boxes as true or false, texts trimmed and
 * left out when empty.
 * @param {HTMLFormElement} form
 * @returns {Record<string, any>}
 */
export function readForm(form) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const field of form.elements) {
    if (
      !(field instanceof HTMLInputElement || field instanceof HTMLSelectElement ||
        field instanceof HTMLTextAreaElement) || field.name === ""
    ) continue;
    if (field.type === "checkbox") {
      values[field.name] = /** @type {HTMLInputElement} */ (field).checked;
    } else if (field.value.trim() === "") continue;
    else if (field.type === "number" || field.name.endsWith("ID")) {
      values[field.name] = Number(field.value);
    } else if (field.type === "password") values[field.name] = field.value;
    else values[field.name] = field.value.trim();
  }
  return values;
}
