// The picture that lies over an image of a case and shows where the model looked.

import { APIError, get } from "./api.js";
import { h } from "./dom.js";

/** @typedef {import("./looking.js").Looking} Looking */

/**
 * @param {Looking} looking
 * @param {number} place of the image in its case, from 0
 * @param {string} name what the image is called
 */
export function overlayOf(looking, place, name) {
  const picture = h("img", { class: "image-overlay", draggable: "false", hidden: true, alt: "" });
  /** @type {string | null} */
  let shown = null;
  /** @param {string} error */
  const settle = (error) => {
    looking.pending.delete(place);
    if (error === "") looking.errors.delete(place);
    else looking.errors.set(place, error);
    picture.hidden = error !== "" || shown === null;
    looking.changed();
  };
  picture.addEventListener("load", () => settle(""));
  picture.addEventListener("error", () => {
    const path = shown;
    if (path === null) return;
    // An image tells no reason; asked once more as data, the server says it.
    get(path).then(() => "It cannot be shown.", reason).then((text) => {
      if (path === shown) settle(text);
    });
  });
  looking.watch(() => {
    picture.style.clipPath = `inset(0 ${100 - looking.share}% 0 0)`;
    const path = looking.path(place);
    if (path === shown) return;
    shown = path;
    picture.hidden = true;
    looking.errors.delete(place);
    if (path === null) {
      looking.pending.delete(place);
      picture.removeAttribute("src");
      return;
    }
    looking.pending.add(place);
    picture.alt = `${name} with what the model looked at for ${looking.name}`;
    picture.src = path;
  });
  return picture;
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof APIError) return error.message;
  throw error;
}
