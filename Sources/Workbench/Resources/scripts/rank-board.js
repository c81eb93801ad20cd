// The order as rows of letters: to be dragged, or moved by the arrow keys.

import { fill, h } from "./dom.js";
import { letter } from "./format.js";
import { placeName } from "./rank-order.js";

/** @typedef {import("./rank-model.js").RankModel} RankModel */

/**
 * @param {HTMLElement} place
 * @param {RankModel} model
 * @param {(id: number) => void} onOpen a letter was clicked
 */
export function showBoard(place, model, onOpen) {
  const draw = () => {
    const focused = place.querySelector(":focus")?.getAttribute("data-answer");
    const numbers = Array.from({ length: model.count }, (_, index) => index + 1);
    fill(
      place,
      numbers.map((number) => row(model, number, onOpen)),
      model.unplaced.length > 0 && row(model, null, onOpen),
    );
    const again = focused && place.querySelector(`[data-answer="${focused}"]`);
    if (again instanceof HTMLElement) again.focus();
  };
  model.watch(draw);
  draw();
}

/**
 * @param {RankModel} model
 * @param {number | null} place null for the row of answers without a place
 * @param {(id: number) => void} onOpen
 */
function row(model, place, onOpen) {
  const name = place === null ? "To place" : placeName(place, model.count);
  const tokens = model.answers.flatMap(({ id }, index) =>
    (model.places.get(id) ?? null) === place ? [token(model, id, index, name, onOpen)] : []
  );
  return h(
    "div",
    {
      class: place === null ? "tier pool" : "tier",
      data: { place: place ?? "" },
    },
    h("span", {}, name),
    h("ul", { aria: { label: name } }, tokens),
  );
}

/**
 * @param {RankModel} model
 * @param {number} id
 * @param {number} index
 * @param {string} placeName
 * @param {(id: number) => void} onOpen
 */
function token(model, id, index, placeName, onOpen) {
  const button = h("button", {
    class: "token",
    type: "button",
    data: { answer: id },
    aria: { label: `Answer ${letter(index)}, ${placeName}; the arrow keys move it` },
    onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event, model, id),
  }, letter(index));
  let wasDragged = false;
  makeDraggable(button, (target) => {
    wasDragged = true;
    if (target) model.place(id, target.dataset.place ? Number(target.dataset.place) : null);
  });
  button.addEventListener("click", () => {
    if (!wasDragged) onOpen(id);
    wasDragged = false;
  });
  return h("li", {}, button);
}

/**
 * @param {KeyboardEvent} event
 * @param {RankModel} model
 * @param {number} id
 */
function onKey(event, model, id) {
  const better = event.key === "ArrowUp" || event.key === "ArrowLeft";
  const worse = event.key === "ArrowDown" || event.key === "ArrowRight";
  if (!better && !worse) return;
  event.preventDefault();
  model.move(id, better ? -1 : 1);
}

/** How far a pointer moves before it drags and no longer clicks, in pixels. */
const threshold = 4;

/**
 * @param {HTMLElement} element
 * @param {(target: HTMLElement | null) => void} onDrop with the row under the pointer
 */
function makeDraggable(element, onDrop) {
  element.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    element.setPointerCapture(down.pointerId);
    let isDragging = false;
    /** @param {PointerEvent} event */
    const onMove = (event) => {
      const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
      isDragging ||= Math.hypot(x, y) > threshold;
      if (!isDragging) return;
      element.toggleAttribute("data-dragging", true);
      element.style.transform = `translate(${x}px, ${y}px)`;
      highlight(rowAt(event));
    };
    /** @param {PointerEvent} event */
    const onEnd = (event) => {
      element.removeEventListener("pointermove", onMove);
      element.removeAttribute("data-dragging");
      element.style.transform = "";
      highlight(null);
      if (isDragging) onDrop(event.type === "pointerup" ? rowAt(event) : null);
    };
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", onEnd, { once: true });
    element.addEventListener("pointercancel", onEnd, { once: true });
  });
}

/** @param {PointerEvent} event @returns {HTMLElement | null} */
function rowAt(event) {
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const row = under.map((element) => element.closest(".tier")).find((element) => element !== null);
  return row instanceof HTMLElement ? row : null;
}

/** @param {HTMLElement | null} row */
function highlight(row) {
  for (const element of document.querySelectorAll(".tier")) {
    element.toggleAttribute("data-over", element === row);
  }
}
