// Ranking by keyboard: which answer is being read, and the keys that place it.

import { letter } from "./format.js";
import { addShortcuts } from "./shortcuts.js";

/** @typedef {import("./answer-card.js").AnswerCard} AnswerCard */
/** @typedef {import("./rank-model.js").RankModel} RankModel */

/** Which card has the attention. */
export class Reader {
  /** @param {AnswerCard[]} cards */
  constructor(cards) {
    this.cards = cards;
    this.index = 0;
    cards.forEach((card, index) => {
      card.element.addEventListener("focusin", () => this.note(index));
      card.element.addEventListener("pointerdown", () => this.note(index));
    });
  }

  get card() {
    return this.cards[this.index];
  }

  /** @param {number} index */
  note(index) {
    this.index = index;
    this.cards.forEach((card, other) =>
      card.element.toggleAttribute("data-current", other === index)
    );
  }

  /** @param {number} index */
  go(index) {
    const card = this.cards[index];
    if (!card) return;
    this.note(index);
    card.element.focus({ preventScroll: true });
    card.element.scrollIntoView({ block: "start", behavior: "auto" });
  }

  /** @param {number} id */
  open(id) {
    this.go(this.cards.findIndex((card) => card.answer.id === id));
  }
}

/**
 * @param {RankModel} model
 * @param {Reader} reader
 * @param {{submit: () => void, when: () => boolean}} page
 */
export function addRankKeys(model, reader, { submit, when }) {
  const numbers = Array.from({ length: Math.min(9, model.count) }, (_, index) => String(index + 1));
  /** @param {(id: number) => void} work */
  const onCurrent = (work) => () => {
    if (reader.card) work(reader.card.answer.id);
  };
  addShortcuts(
    { keys: ["j"], text: "Next answer", when, run: () => reader.go(reader.index + 1) },
    { keys: ["k"], text: "Answer before", when, run: () => reader.go(reader.index - 1) },
    {
      keys: numbers,
      shown: ["1", "2", "…"],
      text: "Place this answer: 1 is best",
      when,
      run: (event) => onCurrent((id) => model.place(id, Number(event.key)))(),
    },
    {
      keys: ["arrowleft"],
      text: "One place better",
      when,
      run: onCurrent((id) => model.move(id, -1)),
    },
    {
      keys: ["arrowright"],
      text: "One place worse",
      when,
      run: onCurrent((id) => model.move(id, 1)),
    },
    {
      keys: ["t"],
      text: "Tie with the answer placed just before it",
      when,
      run: onCurrent((id) => model.tie(id)),
    },
    {
      keys: ["0"],
      text: "Take this answer’s place back",
      when,
      run: onCurrent((id) => model.place(id, null)),
    },
    {
      keys: ["m"],
      text: "Mark an error in this answer, word by word",
      when,
      run: () => reader.card?.marks.pick(),
    },
    {
      keys: ["w"],
      text: "Where the model looked for this answer, on or off",
      when: () => when() && Boolean(reader.card?.looking.answers.length),
      run: onCurrent((id) => reader.card?.looking.toggle(id)),
    },
    {
      keys: ["u"],
      text: "None is acceptable, on or off",
      when,
      run: () => {
        model.unacceptable = !model.unacceptable;
        model.changed();
      },
    },
    { keys: ["s"], text: "Submit", when, run: submit },
  );
}

/**
 * The order in a sentence: "A best, B and C second".
 * @param {RankModel} model
 */
export function orderInWords(model) {
  const levels = [...new Set(model.places.values())].sort((a, b) => a - b);
  const groups = levels.map((level) =>
    model.answers
      .flatMap(({ id }, index) => (model.places.get(id) === level ? [letter(index)] : []))
      .join(" = ")
  );
  return groups.join(" > ");
}
