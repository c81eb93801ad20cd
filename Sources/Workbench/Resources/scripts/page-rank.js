// Ranking the answers to one case.

import { AnswerCard } from "./answer-card.js";
import { APIError, get, put } from "./api.js";
import { caseView } from "./case-view.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part, show } from "./dom.js";
import { Draft } from "./drafts.js";
import { letter } from "./format.js";
import { Looking } from "./looking.js";
import { showMathematics } from "./mathematics.js";
import { notice, showError } from "./notice.js";
import { showBoard } from "./rank-board.js";
import { conflictNotice } from "./rank-conflict.js";
import { addRankKeys, orderInWords, Reader } from "./rank-keys.js";
import { RankModel } from "./rank-model.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";
import { Stopwatch } from "./stopwatch.js";

/** @typedef {import("./types.js").Sheet} Sheet */

const samplingID = Number(location.pathname.split("/")[2]);
const path = `/api/samplings/${samplingID}`;

start(async () => {
  try {
    /** @type {Sheet} */
    const sheet = await get(`${path}/sheet`);
    new RankPage(sheet).begin();
  } catch (error) {
    showError(part("rank-error"), error);
  }
});

class RankPage {
  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
    this.revision = sheet.ranking?.revision ?? 0;
    this.model = new RankModel(sheet.answers);
    this.looking = new Looking();
    this.cards = sheet.answers.map(
      (answer, index) => new AnswerCard(this.model, answer, index, this.looking),
    );
    this.reader = new Reader(this.cards);
    this.draft = new Draft(`ranking-${samplingID}`, part("draft-state"));
    this.form = find("rank-form", HTMLFormElement);
  }

  begin() {
    fill(part("case"), caseView(this.sheet.case, this.looking), this.unseen);
    if (this.sheet.seen > 0) {
      this.looking.offer(this.cards.map(({ answer: { id }, name }) => ({ id, name })));
    }
    fill(part("answers"), this.cards.map((card) => card.element));
    showBoard(part("board"), this.model, (id) => this.reader.open(id));
    const draft = this.sheet.draft?.body;
    const stored = draft ?? this.sheet.ranking;
    if (stored) this.model.restore(stored);
    this.watch = new Stopwatch(stored?.seconds ?? 0);
    this.connect();
    this.reader.note(0);
    if (draft) part("draft-state").textContent = "Your draft is back.";
    if (this.sheet.ranking && !draft) this.showAfter(false);
    else show(part("rank-page"), true);
  }

  /** A model of text may have answered before it could be asked about images. */
  get unseen() {
    const { seen, case: { images } } = this.sheet;
    if (seen > 0 || images.length === 0) return null;
    return notice("warn", h("p", {}, "These answers were given without seeing the images."));
  }

  connect() {
    const reason = find("reason", HTMLTextAreaElement);
    const unacceptable = find("unacceptable", HTMLInputElement);
    const draw = () => {
      if (document.activeElement !== reason) reason.value = this.model.reason;
      unacceptable.checked = this.model.unacceptable;
      part("submit-hint").textContent = this.hint();
    };
    draw();
    this.model.watch(draw);
    this.model.watch(() => this.draft.save({ ...this.model.draft, seconds: this.seconds }));
    reason.addEventListener("input", () => {
      this.model.reason = reason.value;
      this.model.changed();
    });
    unacceptable.addEventListener("change", () => {
      this.model.unacceptable = unacceptable.checked;
      this.model.changed();
    });
    onSubmit(this.form, part("submit-error"), () => this.submit());
    part("change-ranking").addEventListener("click", () => this.showSheet());
    this.addKeys();
  }

  addKeys() {
    const isRanking = () => !part("rank-page").hidden;
    addRankKeys(this.model, this.reader, {
      submit: () => this.form.requestSubmit(),
      when: isRanking,
    });
    addShortcuts({
      keys: ["n"],
      text: "Next case, after submitting",
      when: () => !isRanking(),
      run: () => find("next-case", HTMLAnchorElement).click(),
    });
  }

  get seconds() {
    return this.watch?.seconds ?? 0;
  }

  hint() {
    const { model } = this;
    if (model.isComplete && model.places.size === 0) return "None acceptable, no order.";
    const missing = this.sheet.answers.flatMap((
      { id },
      index,
    ) => (model.places.has(id) ? [] : [letter(index)]));
    if (missing.length === 0) return `Your order: ${orderInWords(model)}`;
    return `Still to place: ${missing.join(", ")}`;
  }

  async submit() {
    if (!this.model.isComplete) {
      // The next number places the first that is missing.
      this.reader.note(this.sheet.answers.findIndex(({ id }) => !this.model.places.has(id)));
      throw new APIError(0, "incomplete", `${this.hint()}. Or say that none is acceptable.`);
    }
    try {
      const body = { ...this.model.judgement, revision: this.revision, seconds: this.seconds };
      const { revision } = await put(`${path}/ranking`, body);
      this.revision = revision;
      await this.draft.clear();
      this.showAfter(true);
    } catch (error) {
      if (!(error instanceof APIError) || error.status !== 409) throw error;
      this.showConflict(error.body?.current);
    }
  }

  /** @param {import("./types.js").Ranking} current the one that is stored */
  showConflict(current) {
    const errors = part("submit-error");
    const keep = () => {
      this.revision = current.revision;
      fill(errors);
      this.form.requestSubmit();
    };
    const take = async () => {
      await this.draft.clear();
      location.reload();
    };
    fill(errors, conflictNotice({ keep, take }));
  }

  /** @param {boolean} isNew */
  showAfter(isNew) {
    show(part("rank-page"), false);
    show(part("after"), true);
    const order = orderInWords(this.model);
    const verdict = this.model.unacceptable ? "None acceptable. " : "";
    part("after-text").textContent = `${verdict}${order ? `Your order: ${order}. ` : ""}${
      isNew ? "Thank you." : "You can still change it."
    }`;
    if (isNew) part("after-title").focus();
    showMathematics(part("mathematics"), path, this.sheet.answers);
  }

  showSheet() {
    show(part("after"), false);
    show(part("rank-page"), true);
    this.reader.go(0);
  }
}
