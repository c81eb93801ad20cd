// Where the model looked: which answer's map lies over the images of a case, and how far.

/** @typedef {{id: number, name: string}} LookedAt an answer that was given to the images */
/** @typedef {"saliency" | "attention"} MapName */

export class Looking {
  constructor() {
    /** @type {LookedAt[]} */
    this.answers = [];
    /** @type {number | null} */
    this.answer = null;
    /** @type {MapName} */
    this.map = "saliency";
    /** How much of the image, from its left, is covered: from 0 (before) to 100 (after). */
    this.share = 100;
    /** What the server said, by the place of the image. @type {Map<number, string>} */
    this.errors = new Map();
    /** Places of images whose overlay is on its way. @type {Set<number>} */
    this.pending = new Set();
    /** @type {(() => void)[]} */
    this.watchers = [];
  }

  /** @param {() => void} watcher called now and after every change */
  watch(watcher) {
    this.watchers.push(watcher);
    watcher();
  }

  changed() {
    for (const watcher of this.watchers) watcher();
  }

  /** @param {LookedAt[]} answers those that can be looked behind */
  offer(answers) {
    this.answers = answers;
    if (!answers.some(({ id }) => id === this.answer)) this.answer = null;
    this.changed();
  }

  /** @param {number | null} answer */
  choose(answer) {
    this.answer = answer;
    this.changed();
  }

  /** @param {number} answer */
  toggle(answer) {
    this.choose(this.answer === answer ? null : answer);
  }

  get name() {
    return this.answers.find(({ id }) => id === this.answer)?.name ?? "";
  }

  /**
   * The overlay's address; nil while none is shown.
   * @param {number} place which image, from 0
   */
  path(place) {
    if (this.answer === null) return null;
    return `/api/traces/${this.answer}/overlay?map=${this.map}&image=${place}`;
  }
}
