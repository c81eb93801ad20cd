// Bringing in images of cases.

import { APIError, post } from "./api.js";

/** @typedef {import("./types.js").CaseImage} CaseImage */

/**
 * Sends files one after the other; gives their hashes by file name.
 * @param {Iterable<File>} files
 * @param {(done: number) => void} [onProgress]
 * @returns {Promise<Record<string, string>>}
 */
export async function uploadImages(files, onProgress) {
  /** @type {Record<string, string>} */
  const hashes = {};
  let done = 0;
  for (const file of files) {
    try {
      /** @type {{image: CaseImage}} */
      const { image } = await post("/api/images", new Blob([file], { type: binary }));
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
