// Marking errors in one answer: choosing the words, saying what is wrong, the list of marks.

import { selectedStretch, showText } from "./answer-text.js";
import { fill, h } from "./dom.js";
import { beginning } from "./format.js";
import { kindName, kinds } from "./span-kinds.js";
import { pickWords } from "./word-picker.js";

/** @typedef {import("./rank-model.js").RankModel} RankModel */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./answer-text.js").Stretch} Stretch */

/** The marks of one answer. */
export class SpanMarks {
  /**
   * @param {RankModel} model
   * @param {Answer} answer
   * @param {() => void} onDone gives the focus back to the answer
   */
  constructor(model, answer, onDone) {
    this.model = model;
    this.answer = answer;
    this.onDone = onDone;
    this.text = h("div", { class: "answer-text" });
    this.form = h("div", {});
    this.list = h("div", {});
    this.heard = h("p", { class: "hush", role: "status" });
    /** @type {Stretch | null} */
    this.picked = null;
    this.text.addEventListener("pointerup", () => setTimeout(() => this.takeSelection()));
    this.text.addEventListener("keyup", (event) => event.shiftKey || this.takeSelection());
    this.draw();
  }

  draw() {
    const spans = this.model.spansOf(this.answer.id);
    showText(this.text, this.answer.text, spans, this.picked);
    fill(
      this.list,
      spans.length > 0 && h("ul", {
        class: "list small",
        aria: { label: "Marked passages" },
      }, spans.map((span) => this.row(span))),
    );
  }

  /** @param {import("./types.js").Span} span */
  row(span) {
    const quote = beginning(this.answer.text.slice(span.start, span.end), 90);
    return h(
      "li",
      { class: "row row-ends" },
      h(
        "span",
        {},
        h("strong", {}, kindName(span.kind)),
        " ",
        h("span", { class: "quote" }, `“${quote}”`),
        span.note && ` ${span.note}`,
      ),
      h("button", {
        class: "button slim bare",
        type: "button",
        aria: { label: `Remove the mark on “${quote}”` },
        onclick: () => {
          this.model.unmark(span);
          this.onDone();
        },
      }, "Remove"),
    );
  }

  takeSelection() {
    const stretch = selectedStretch(this.text, this.answer.text);
    if (stretch) this.ask(stretch);
  }

  /** Begins to choose words by keyboard. */
  pick() {
    fill(this.form);
    pickWords(this.text, this.answer.text, {
      show: (stretch) => {
        this.picked = stretch;
        this.draw();
        if (stretch) this.heard.textContent = this.answer.text.slice(stretch.start, stretch.end);
      },
      choose: (stretch) => this.ask(stretch),
      cancel: () => this.end(),
    });
  }

  /** @param {Stretch} stretch */
  ask(stretch) {
    this.picked = stretch;
    getSelection()?.removeAllRanges();
    this.draw();
    const id = this.answer.id;
    const kind = h(
      "select",
      { id: `kind-${id}` },
      kinds.map((one) => h("option", { value: one.kind }, one.name)),
    );
    const note = h("input", { id: `note-${id}`, maxlength: 500 });
    const form = h(
      "form",
      { class: "notice", aria: { label: "Mark the chosen words" } },
      h(
        "p",
        { class: "quote" },
        `“${beginning(this.answer.text.slice(stretch.start, stretch.end), 140)}”`,
      ),
      h(
        "div",
        { class: "grid-fields" },
        h("div", { class: "field" }, h("label", { for: kind.id }, "What is wrong?"), kind),
        h("div", { class: "field" }, h("label", { for: note.id }, "Note (optional)"), note),
      ),
      h(
        "div",
        { class: "row" },
        h("button", { class: "button primary slim", type: "submit" }, "Mark"),
        h("button", { class: "button slim", type: "button", onclick: () => this.end() }, "Cancel"),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.picked = null;
      this.model.mark({ traceID: id, ...stretch, kind: kind.value, note: note.value.trim() });
      this.end();
    });
    form.addEventListener("keydown", (event) => event.key === "Escape" && this.end());
    fill(this.form, form);
    kind.focus();
  }

  end() {
    this.picked = null;
    fill(this.form);
    this.draw();
    this.onDone();
  }
}
