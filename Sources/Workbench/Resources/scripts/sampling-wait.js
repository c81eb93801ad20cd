// Waiting for a sampling to be over.

import { get } from "./api.js";
import { listen } from "./events.js";
import { isOver } from "./sampling-words.js";

/** @typedef {import("./sampling-view.js").Sampled} Sampled */

/**
 * The sampling when it is over.
 * @param {number} id
 * @param {(text: string) => void} [onToken] told what is written meanwhile
 * @returns {Promise<Sampled>}
 */
export async function whenOver(id, onToken = () => {}) {
  const path = `/api/samplings/${id}`;
  /** @type {Sampled} */
  const now = await get(path);
  if (isOver(now.sampling.state)) return now;
  return new Promise((resolve, reject) => {
    const look = () =>
      get(path).then((later) => {
        if (!isOver(later.sampling.state)) return;
        close();
        resolve(later);
      }, (error) => {
        close();
        reject(error);
      });
    const close = listen(`${path}/events`, {
      token: ({ text }) => onToken(text),
      state: ({ state }) => isOver(state) && look(),
    }, look);
  });
}
