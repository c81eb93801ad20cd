// Images of a case: zoom, pan, and for DICOM frame and window.

import { get } from "./api.js";
import { h } from "./dom.js";
import { overlayOf } from "./image-overlay.js";
import { Panner } from "./image-pan.js";
import { frameField, windowFields } from "./image-window.js";
import { lookingPanel } from "./looking-view.js";

/** @typedef {import("./types.js").CaseImage} CaseImage */
/** @typedef {import("./types.js").ImageFacts} ImageFacts */

/** @typedef {import("./looking.js").Looking} Looking */

/**
 * @param {CaseImage[]} images
 * @param {Looking} [looking] whose overlays can be laid over them
 */
export function imagesView(images, looking) {
  const figures = images.map((image, index) => {
    const name = images.length > 1 ? `Image ${index + 1} of ${images.length}` : "Image";
    return new ImageView(image, name, looking && overlayOf(looking, index, name)).element;
  });
  return looking && images.length > 0 ? [...figures, lookingPanel(looking)] : figures;
}

class ImageView {
  /**
   * @param {CaseImage} image
   * @param {string} name
   * @param {HTMLElement} [overlay] moves with the picture
   */
  constructor(image, name, overlay) {
    this.image = image;
    this.path = `/api/images/${image.hash}`;
    /** @type {Record<string, number>} What the server is asked to render. */
    this.wish = {};
    this.isLoading = this.isStale = false;
    this.picture = h("img", { alt: `${name} of the case`, draggable: "false" });
    this.error = h("p", { class: "image-error small", role: "status" });
    this.fields = h("div", { class: "image-fields" });
    const layers = h("div", { class: "image-layers" }, this.picture, overlay);
    const stage = h("div", {
      class: "image-stage",
      tabindex: "0",
      role: "group",
      aria: { label: `${name}. Plus and minus zoom, the arrow keys move it, 0 shows all of it` },
    }, layers);
    this.panner = new Panner(stage, layers);
    this.element = h(
      "figure",
      { class: "image" },
      stage,
      this.error,
      h("figcaption", { class: "row" }, this.buttons(name), this.fields),
    );
    this.picture.addEventListener("load", () => {
      const { naturalWidth, naturalHeight } = this.picture;
      this.picture.toggleAttribute("data-small", Math.max(naturalWidth, naturalHeight) < 128);
      this.settle("");
    });
    this.picture.addEventListener(
      "error",
      () => this.settle("This image cannot be shown. Is its file still there?"),
    );
    this.load();
    if (image.kind === "dicom") void this.addFields();
  }

  /** @param {string} name */
  buttons(name) {
    const { panner } = this;
    /** @type {[string, string, () => void][]} */
    const actions = [
      ["−", `Zoom out of ${name}`, () => panner.zoom(1 / 1.5)],
      ["+", `Zoom into ${name}`, () => panner.zoom(1.5)],
      ["Fit", `Show all of ${name}`, () => panner.fit()],
    ];
    return h(
      "span",
      { class: "row" },
      actions.map(([text, label, onclick]) =>
        h("button", { class: "button slim", type: "button", onclick, aria: { label } }, text)
      ),
    );
  }

  async addFields() {
    try {
      /** @type {{facts: ImageFacts}} */
      const { facts } = await get(`${this.path}/facts`);
      const change = (/** @type {Record<string, number>} */ wish) => {
        this.wish = { ...this.wish, ...wish };
        this.load();
      };
      if (facts.frames > 1) this.fields.append(frameField(facts.frames, change));
      if (facts.window) this.fields.append(...windowFields(facts.window, change));
    } catch {
      // The picture says that it cannot be shown.
    }
  }

  /** Asks for what is wished; while a picture is on its way the last wish waits. */
  load() {
    if (this.isLoading) {
      this.isStale = true;
      return;
    }
    this.isLoading = true;
    this.isStale = false;
    const query = new URLSearchParams(
      Object.entries(this.wish).map(([name, value]) => [name, String(value)]),
    );
    this.picture.src = query.size > 0 ? `${this.path}?${query}` : this.path;
  }

  /** @param {string} error */
  settle(error) {
    this.error.textContent = error;
    this.isLoading = false;
    if (this.isStale) this.load();
  }
}
