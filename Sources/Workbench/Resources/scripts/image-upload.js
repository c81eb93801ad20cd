// Bringing in images of cases.

import { APIError, post } from "./api.js";

/** @typedef {import("./types.js").CaseImage} CaseImage */

/**
 * Sends files one after the other; gives their hashes by file name.
 * @param {Iterable<File>} files
 * @param {string} identity what is done about whom they show: the value of a choice of the page
 * @param {(done: number) => void} [onProgress]
 * @returns {Promise<Record<string, string>>}
 */
export async function uploadImages(files, identity, onProgress) {
  /** @type {Record<string, string>} */
  const hashes = {};
  const path = `/api/images?identity=${identity}`;
  let done = 0;
  for (const file of files) {
    try {
      /** @type {{image: CaseImage}} */
      const { image } = await post(path, new Blob([file], { type: binary }));
      hashes[file.name] = image.hash;
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      throw new APIError(error.status, error.code, `${file.name}: ${error.message}`, error.body);
    }
    done += 1;
    onProgress?.(done);
  }
  return hashes;
}

const binary = "application/octet-stream";
