// How long somebody worked on a page: time without a hand on it does not count.

/** A pause longer than this is not work, in milliseconds. */
const pause = 60_000;

export class Stopwatch {
  /** @param {number} seconds counted before, such as in a draft */
  constructor(seconds = 0) {
    this.total = seconds * 1000;
    this.last = performance.now();
    for (const name of ["pointermove", "keydown", "scroll", "pointerdown"]) {
      document.addEventListener(name, () => this.tick(), { passive: true, capture: true });
    }
  }

  tick() {
    const now = performance.now();
    if (now - this.last < pause) this.total += now - this.last;
    this.last = now;
  }

  /** Seconds of work so far, to the tenth. */
  get seconds() {
    this.tick();
    return Math.round(this.total / 100) / 10;
  }
}
