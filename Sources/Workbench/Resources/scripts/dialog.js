// Dialogs: those that stand in a page, and questions.

import { h } from "./dom.js";
import { attempt } from "./notice.js";

/**
 * Lets the buttons marked `data-close` close a dialog of the page, and opens it.
 * @param {HTMLDialogElement} dialog
 */
export function open(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => dialog.close(), { once: true });
  }
  dialog.showModal();
}

/**
 * Runs `work` when a form is submitted; its button rests meanwhile and errors are shown.
 * @param {HTMLFormElement} form
 * @param {Element} errors
 * @param {() => Promise<void>} work
 */
export function onSubmit(form, errors, work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = [...form.querySelectorAll("button[type=submit]")];
    if (buttons.some((button) => button.hasAttribute("disabled"))) return;
    for (const button of buttons) button.toggleAttribute("disabled", true);
    await attempt(errors, work);
    if (errors.childElementCount > 0) errors.scrollIntoView({ block: "nearest" });
    for (const button of buttons) button.toggleAttribute("disabled", false);
  });
}

/**
 * @typedef {{
 *   title: string, text: string, action: string, danger?: boolean,
 *   reason?: {label: string, required: boolean}
 * }} Question
 */

/**
 * Asks before something is done that cannot simply be undone.
 * @param {Question} question
 * @returns {Promise<{reason: string} | null>} null when the person thinks better of it
 */
export function confirm({ title, text, action, danger = false, reason }) {
  const field = h("textarea", {
    id: "confirm-reason",
    maxlength: 1000,
    required: reason?.required,
  });
  const dialog = h(
    "dialog",
    { aria: { labelledby: "confirm-title" } },
    h(
      "form",
      { class: "dialog-body stack", method: "dialog" },
      h("h2", { id: "confirm-title" }, title),
      h("p", {}, text),
      reason &&
        h("div", { class: "field" }, h("label", { for: "confirm-reason" }, reason.label), field),
      h(
        "div",
        { class: "dialog-foot" },
        h("button", {
          class: "button",
          type: "button",
          onclick: () => dialog.close(),
        }, "Cancel"),
        h("button", { class: danger ? "button danger" : "button primary", value: "yes" }, action),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? { reason: field.value.trim() } : null);
    });
  });
}
