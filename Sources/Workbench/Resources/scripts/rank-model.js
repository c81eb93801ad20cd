// Everything a rater has decided about one set of answers, and who wants to know of changes.

import { moved, placed, places, ranks, tied } from "./rank-order.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").AxisScores} AxisScores */
/** @typedef {import("./types.js").Ranking} Ranking */
/** @typedef {import("./types.js").Span} Span */

/** @typedef {Omit<Ranking, "revision" | "seconds"> & {seconds?: number}} Judgement */

export class RankModel {
  /** @param {Answer[]} answers in the order of this rater */
  constructor(answers) {
    this.answers = answers;
    this.places = places({});
    this.unacceptable = false;
    /** @type {Record<string, AxisScores>} */
    this.axes = {};
    this.reason = "";
    /** @type {Span[]} */
    this.spans = [];
    /** @type {(() => void)[]} */
    this.watchers = [];
  }

  /** @param {() => void} watcher called after every change */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  changed() {
    for (const watcher of this.watchers) watcher();
  }

  /** How many places there are. */
  get count() {
    return Math.max(2, this.answers.length);
  }

  /** Answers without a place. */
  get unplaced() {
    return this.answers.filter(({ id }) => !this.places.has(id));
  }

  get isComplete() {
    return this.unplaced.length === 0 || (this.unacceptable && this.places.size === 0);
  }

  /** @param {number} id @param {number | null} place */
  place(id, place) {
    if (place !== null && place > this.count) return;
    this.places = placed(this.places, id, place);
    this.changed();
  }

  /** @param {number} id @param {-1 | 1} direction */
  move(id, direction) {
    this.places = moved(this.places, id, direction, this.count);
    this.changed();
  }

  /** @param {number} id */
  tie(id) {
    this.places = tied(this.places, id);
    this.changed();
  }

  /** @param {number} id @param {string} axis @param {number | null} score */
  rate(id, axis, score) {
    const scores = { ...this.axes[id] };
    if (score === null) delete scores[axis];
    else scores[axis] = score;
    this.axes = { ...this.axes, [id]: scores };
    this.changed();
  }

  /** @param {Span} span */
  mark(span) {
    this.spans = [...this.spans, span];
    this.changed();
  }

  /** @param {Span} span */
  unmark(span) {
    this.spans = this.spans.filter((other) => other !== span);
    this.changed();
  }

  /** @param {number} id @returns {Span[]} in the order of the text */
  spansOf(id) {
    return this.spans.filter((span) => span.traceID === id).sort((a, b) => a.start - b.start);
  }

  /** What is submitted. @returns {Judgement} */
  get judgement() {
    const axes = Object.entries(this.axes).filter(([, scores]) => Object.keys(scores).length > 0);
    return {
      ranks: this.unacceptable && this.places.size === 0 ? this.allEqual : ranks(this.places),
      unacceptable: this.unacceptable,
      axes: Object.fromEntries(axes),
      reason: this.reason.trim(),
      spans: this.spans,
    };
  }

  /** Of answers that are all unacceptable and not ordered, none is better than another. */
  get allEqual() {
    return Object.fromEntries(this.answers.map(({ id }) => [id, 1]));
  }

  /** What a draft keeps: as it is typed, with the empty places. */
  get draft() {
    return {
      ranks: Object.fromEntries(this.places),
      unacceptable: this.unacceptable,
      axes: this.axes,
      reason: this.reason,
      spans: this.spans,
    };
  }

  /** @param {Partial<Judgement>} value a draft or a stored ranking */
  restore(value) {
    this.places = places(value.ranks ?? {});
    this.unacceptable = value.unacceptable ?? false;
    this.axes = value.axes ?? {};
    this.reason = value.reason ?? "";
    this.spans = value.spans ?? [];
    this.changed();
  }
}
