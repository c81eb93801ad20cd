// Zoom and pan of a picture within its frame, by pointer, wheel and keys.

const most = 16;
/** How far an arrow key moves, in pixels. */
const step = 40;

export class Panner {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLElement} picture
   */
  constructor(stage, picture) {
    this.stage = stage;
    this.picture = picture;
    this.fit();
    stage.addEventListener("keydown", (event) => this.onKey(event));
    stage.addEventListener("dblclick", (event) => this.zoom(2, event));
    stage.addEventListener("wheel", (event) => {
      // The page scrolls as ever until somebody is at work in the picture.
      if (!event.ctrlKey && document.activeElement !== stage) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), event);
    }, { passive: false });
    stage.addEventListener("pointerdown", (event) => this.onPointer(event));
  }

  /** All of the picture. */
  fit() {
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.draw();
  }

  /**
   * @param {number} factor
   * @param {{clientX: number, clientY: number}} [at] what stays where it is; the middle if left out
   */
  zoom(factor, at) {
    const box = this.stage.getBoundingClientRect();
    const [x, y] = at
      ? [at.clientX - box.left - box.width / 2, at.clientY - box.top - box.height / 2]
      : [0, 0];
    const scale = Math.min(most, Math.max(1, this.scale * factor));
    const change = scale / this.scale;
    [this.x, this.y] = [x - (x - this.x) * change, y - (y - this.y) * change];
    this.scale = scale;
    this.draw();
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  move(x, y) {
    [this.x, this.y] = [this.x + x, this.y + y];
    this.draw();
  }

  draw() {
    // No more of the picture leaves the frame than sticks out.
    const { clientWidth, clientHeight } = this.stage;
    const [wide, high] = [clientWidth, clientHeight].map((size) => size * (this.scale - 1) / 2);
    this.x = Math.min(wide, Math.max(-wide, this.x));
    this.y = Math.min(high, Math.max(-high, this.y));
    this.picture.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.stage.toggleAttribute("data-zoomed", this.scale > 1);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const actions = {
      "+": () => this.zoom(1.5),
      "=": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      "0": () => this.fit(),
    };
    if (this.scale > 1) {
      Object.assign(actions, {
        ArrowLeft: () => this.move(step, 0),
        ArrowRight: () => this.move(-step, 0),
        ArrowUp: () => this.move(0, step),
        ArrowDown: () => this.move(0, -step),
      });
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** @param {PointerEvent} down */
  onPointer(down) {
    if (down.button !== 0 || this.scale === 1) return;
    const { stage } = this;
    stage.setPointerCapture(down.pointerId);
    let [x, y] = [down.clientX, down.clientY];
    /** @param {PointerEvent} event */
    const onMove = (event) => {
      this.move(event.clientX - x, event.clientY - y);
      [x, y] = [event.clientX, event.clientY];
    };
    const onEnd = () => stage.removeEventListener("pointermove", onMove);
    stage.addEventListener("pointermove", onMove);
    stage.addEventListener("pointerup", onEnd, { once: true });
    stage.addEventListener("pointercancel", onEnd, { once: true });
  }
}
