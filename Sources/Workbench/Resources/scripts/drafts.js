// What is typed is saved by itself, a moment after the last change.

import { get, put, remove } from "./api.js";
import { clock } from "./format.js";

/** How long the hands must rest before a draft is sent, in milliseconds. */
const rest = 800;

/** A draft under a key, with its state told in an element. */
export class Draft {
  /**
   * @param {string} key
   * @param {HTMLElement} state
   */
  constructor(key, state) {
    this.path = `/api/drafts/${encodeURIComponent(key)}`;
    this.state = state;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {unknown} */
    this.waiting = undefined;
    /** What is on its way. @type {Promise<void>} */
    this.sending = Promise.resolve();
    window.addEventListener("pagehide", () => void this.flush(true));
  }

  /** What was saved last; null without a draft. @returns {Promise<any>} */
  async load() {
    try {
      return (await get(this.path))?.body ?? null;
    } catch {
      return null;
    }
  }

  /** @param {unknown} value */
  save(value) {
    this.waiting = value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(false), rest);
  }

  /** @param {boolean} isLeaving */
  async flush(isLeaving) {
    if (this.waiting === undefined) return;
    clearTimeout(this.timer);
    const value = this.waiting;
    this.waiting = undefined;
    this.sending = this.send(value, isLeaving);
    await this.sending;
  }

  /**
   * @param {unknown} value
   * @param {boolean} isLeaving
   */
  async send(value, isLeaving) {
    try {
      await put(this.path, value, { keepalive: isLeaving });
      this.state.textContent = `Draft saved ${clock(new Date())}`;
    } catch {
      this.waiting ??= value;
      this.state.textContent = "The draft is not saved yet; it is tried again as you go on.";
    }
  }

  /** Forgets the draft, here and on the server. */
  async clear() {
    clearTimeout(this.timer);
    this.waiting = undefined;
    await this.sending;
    this.waiting = undefined;
    this.state.textContent = "";
    await remove(this.path).catch(() => null);
  }
}
