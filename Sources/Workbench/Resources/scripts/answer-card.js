// One answer to be ranked: its text, its place, marks and scores.

import { axesForm } from "./axes.js";
import { h } from "./dom.js";
import { letter } from "./format.js";
import { lookButton } from "./looking-view.js";
import { placeName } from "./rank-order.js";
import { SpanMarks } from "./span-marks.js";

/** @typedef {import("./rank-model.js").RankModel} RankModel */
/** @typedef {import("./types.js").Answer} Answer */

/** The card of one answer. */
export class AnswerCard {
  /**
   * @param {RankModel} model
   * @param {Answer} answer
   * @param {number} index
   * @param {import("./looking.js").Looking} looking
   */
  constructor(model, answer, index, looking) {
    this.model = model;
    this.answer = answer;
    this.looking = looking;
    this.name = `Answer ${letter(index)}`;
    this.marks = new SpanMarks(model, answer, () => this.element.focus({ preventScroll: true }));
    this.inputs = Array.from({ length: model.count }, (_, place) => this.input(place + 1));
    this.element = h(
      "article",
      {
        class: "answer",
        tabindex: -1,
        aria: { label: this.name },
        data: { answer: answer.id },
      },
      this.head(index),
      h("div", { class: "answer-body" }, this.marks.text),
      this.foot(),
    );
    model.watch(() => this.draw());
    this.draw();
  }

  draw() {
    const place = this.model.places.get(this.answer.id);
    this.inputs.forEach((input, index) => {
      input.checked = place === index + 1;
    });
    this.marks.draw();
  }

  /** @param {number} index */
  head(index) {
    return h(
      "header",
      { class: "answer-head" },
      h(
        "div",
        { class: "row" },
        h("span", { class: "letter", aria: { hidden: true } }, letter(index)),
        h("h2", {}, this.name),
      ),
      h(
        "fieldset",
        {},
        h("legend", { class: "hush" }, `Place of answer ${letter(index)}`),
        h(
          "div",
          { class: "places" },
          this.inputs.map((input, place) =>
            h("label", {}, input, placeName(place + 1, this.model.count))
          ),
        ),
      ),
    );
  }

  /** @param {number} place */
  input(place) {
    return h("input", {
      type: "radio",
      name: `place-${this.answer.id}`,
      value: String(place),
      onchange: () => this.model.place(this.answer.id, place),
    });
  }

  foot() {
    return h(
      "footer",
      { class: "answer-foot" },
      this.marks.heard,
      this.marks.form,
      this.marks.list,
      h(
        "div",
        { class: "row" },
        h(
          "button",
          {
            class: "button slim",
            type: "button",
            onclick: () => this.marks.pick(),
          },
          "Mark an error ",
          h("kbd", { aria: { hidden: true } }, "M"),
        ),
        h("span", { class: "small quiet" }, "or select the words in the text"),
        lookButton(this.looking, this.answer.id, " ", h("kbd", { aria: { hidden: true } }, "W")),
      ),
      h(
        "details",
        {},
        h("summary", {}, "Score this answer in detail (optional)"),
        axesForm(this.model, this.answer.id),
      ),
    );
  }
}
