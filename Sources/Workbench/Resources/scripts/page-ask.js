// Ask, read, then accept or correct.

import { get, post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { showDiff } from "./diff-view.js";
import { fill, find, h, part, show } from "./dom.js";
import { Draft } from "./drafts.js";
import { counted, percent } from "./format.js";
import { imagesView } from "./image-view.js";
import { uploadImages } from "./image-upload.js";
import { Looking } from "./looking.js";
import { attempt, notice, showError } from "./notice.js";
import { whenOver } from "./sampling-wait.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";

/** @typedef {import("./types.js").FeedbackStatistics} Statistics */
/** @typedef {import("./types.js").Sampling} Sampling */
/** @typedef {import("./types.js").Trace} Trace */

start(async (account) => {
  await attempt(
    part("ask-done"),
    async () => showStatistics(await get("/api/feedback/statistics")),
  );
  if (may(account, "expert")) await new AskPage().begin();
});

/** @param {Statistics} statistics */
function showStatistics({ accepted, edited, editRate, untilRetrain, threshold }) {
  const fact = (
    /** @type {string} */ name,
    /** @type {string} */ value,
    /** @type {string} */ rest = "",
  ) => h("div", {}, h("dt", {}, name), h("dd", {}, value, rest && h("small", {}, ` ${rest}`)));
  fill(
    part("ask-stats"),
    fact("Accepted", String(accepted)),
    fact("Corrected", String(edited)),
    fact("Share corrected", accepted + edited === 0 ? "–" : percent(editRate)),
    fact("Until the next update", String(untilRetrain), `of ${threshold} judgements`),
  );
}

class AskPage {
  constructor() {
    this.draft = new Draft("ask", part("ask-draft"));
    this.prompt = find("prompt", HTMLTextAreaElement);
    this.correction = find("correction", HTMLTextAreaElement);
    this.editor = find("editor", HTMLFormElement);
    this.files = find("ask-images", HTMLInputElement);
    this.looking = new Looking();
    /** @type {Trace | null} */
    this.trace = null;
    /** @type {number | null} */
    this.samplingID = null;
  }

  async begin() {
    const form = find("ask-form", HTMLFormElement);
    onSubmit(form, part("ask-error"), () => this.ask());
    onSubmit(
      this.editor,
      part("reply-error"),
      () => this.record("edit", this.correction.value.trim()),
    );
    for (const field of [this.prompt, this.correction]) {
      field.addEventListener("input", () => this.saveDraft());
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form?.requestSubmit();
      });
    }
    this.correction.addEventListener("input", () => this.drawDiff());
    part("accept").addEventListener("click", () => this.accept());
    part("edit").addEventListener("click", () => this.edit(this.trace?.text ?? ""));
    part("restore").addEventListener("click", () => this.edit(this.trace?.text ?? ""));
    part("discard").addEventListener("click", () => this.reset());
    this.addKeys();
    await this.restore();
  }

  addKeys() {
    const when = () => this.trace !== null && this.editor.hidden === true;
    addShortcuts(
      { keys: ["a"], text: "Accept the answer as it is", when, run: () => this.accept() },
      {
        keys: ["e"],
        text: "Correct the answer",
        when,
        run: () => this.edit(this.trace?.text ?? ""),
      },
      { keys: ["q"], text: "Go to the question", run: () => this.prompt.focus() },
    );
  }

  saveDraft() {
    const correction = this.editor.hidden ? undefined : this.correction.value;
    this.draft.save({ prompt: this.prompt.value, samplingID: this.samplingID, correction });
  }

  async restore() {
    const draft = await this.draft.load();
    if (!draft) return;
    this.prompt.value = draft.prompt ?? "";
    if (!draft.samplingID) return;
    await attempt(part("ask-error"), () => this.follow(draft.samplingID));
    if (typeof draft.correction === "string" && this.trace) this.edit(draft.correction);
  }

  async ask() {
    fill(part("ask-done"));
    const identity = find("ask-identity", HTMLSelectElement).value;
    const images = Object.values(await uploadImages(this.files.files ?? [], identity));
    const { sampling } = await post("/api/ask", { prompt: this.prompt.value.trim(), images });
    await this.follow(sampling.id);
    this.saveDraft();
  }

  /** @param {number} id */
  async follow(id) {
    this.samplingID = id;
    this.trace = null;
    show(part("reply"), true);
    show(part("reply-actions"), false);
    show(this.editor, false);
    const text = part("reply-text");
    fill(text);
    fill(part("reply-images"));
    text.classList.add("stream");
    part("reply-state").textContent = "The model is writing …";
    try {
      this.finish(await whenOver(id, (words) => text.append(words)));
    } finally {
      text.classList.remove("stream");
    }
  }

  /** @param {{sampling: Sampling, traces: Trace[]}} written */
  finish({ sampling, traces }) {
    const trace = traces[0];
    if (!trace) {
      show(part("reply"), false);
      fill(
        part("ask-error"),
        notice("bad", h("p", {}, sampling.error ?? "The model gave no answer. Ask again.")),
      );
      return;
    }
    this.trace = trace;
    fill(part("reply-text"), trace.text);
    fill(part("reply-images"), imagesView(sampling.images, this.looking));
    this.looking.offer(
      sampling.images.length > 0 ? [{ id: trace.id, name: "The model’s answer" }] : [],
    );
    part("reply-state").textContent = trace.finish === "length"
      ? "It stopped at the longest length allowed."
      : "Finished";
    show(part("reply-actions"), true);
    part("reply-title").focus();
  }

  /** @param {string} text */
  edit(text) {
    show(this.editor, true);
    part("edit").setAttribute("aria-expanded", "true");
    this.correction.value = text;
    this.drawDiff();
    this.correction.focus();
  }

  drawDiff() {
    showDiff(part("diff"), part("diff-summary"), this.trace?.text ?? "", this.correction.value);
  }

  accept() {
    void attempt(part("reply-error"), () => this.record("accept", this.trace?.text ?? ""));
  }

  /**
   * @param {"accept" | "edit"} type
   * @param {string} preferredResponse
   */
  async record(type, preferredResponse) {
    if (!this.trace) return;
    if (type === "edit" && preferredResponse === this.trace.text) {
      fill(
        part("reply-error"),
        notice(
          "warn",
          h("p", {}, "You changed nothing. Accept the answer as it is, or correct it."),
        ),
      );
      return;
    }
    const { statistics } = await post("/api/feedback", {
      traceID: this.trace.id,
      preferredResponse,
      type,
    });
    showStatistics(statistics);
    this.reset();
    fill(
      part("ask-done"),
      notice(
        "good",
        h(
          "p",
          {},
          type === "accept" ? "Accepted. Thank you." : "Your correction is saved. Thank you.",
          " ",
          statistics.untilRetrain > 0
            ? `${counted(statistics.untilRetrain, "more judgement")} until the next update.`
            : "There is enough for an update now.",
        ),
      ),
    );
  }

  reset() {
    this.trace = null;
    this.samplingID = null;
    show(part("reply"), false);
    show(this.editor, false);
    part("edit").setAttribute("aria-expanded", "false");
    this.prompt.value = this.files.value = "";
    this.looking.offer([]);
    this.prompt.focus();
    this.draft.clear().catch((error) => showError(part("ask-error"), error));
  }
}
