// One update: progress, curves, and what came of it.

import { get, post } from "./api.js";
import { confirm } from "./dialog.js";
import { fill, h } from "./dom.js";
import { listen } from "./events.js";
import { duration } from "./format.js";
import { methodName } from "./methods.js";
import { attempt, notice, showError } from "./notice.js";
import { curveCharts } from "./update-charts.js";
import { versionResult } from "./update-result.js";
import { isRunning, jobState } from "./update-words.js";

/** @typedef {import("./types.js").Curves} Curves */
/** @typedef {import("./types.js").Job} Job */

/** Ends what the page followed before. @type {() => void} */
let stopListening = () => {};

/** Curves are drawn at most so often, in milliseconds. */
const pace = 400;

/**
 * @param {HTMLElement} place
 * @param {number} id
 * @param {{mayStop: boolean, onChange: () => void, onEnd: () => void}} options
 *   `onChange` is told of a new state, `onEnd` once it has ended, also where it had before
 */
export async function followJob(place, id, { mayStop, onChange, onEnd }) {
  stopListening();
  await attempt(place, async () => {
    /** @type {{job: Job, curves: Curves}} */
    let { job, curves } = await get(`/api/updates/${id}`);
    const view = new JobView(place, id, mayStop);
    await view.draw(job, curves);
    if (!isRunning(job)) {
      onEnd();
      return;
    }
    const again = async () => {
      ({ job, curves } = await get(`/api/updates/${id}`));
      await view.draw(job, curves);
    };
    stopListening = listen(`/api/updates/${id}/events`, {
      metrics: ({ step, values }) => {
        curves = grown(curves, step, values);
        view.drawCurves(curves);
      },
      state: async (state) => {
        const isNew = state.state !== job.state;
        job = state;
        if (isRunning(job)) {
          await view.draw(job, curves);
        } else {
          stopListening();
          await again().catch((error) => showError(place, error));
        }
        if (isNew) onChange();
        if (!isRunning(job)) onEnd();
      },
    }, () => void again());
  });
}

/**
 * The curves with the values of one more step.
 * @param {Curves} curves
 * @param {number} step
 * @param {Record<string, number>} values
 * @returns {Curves}
 */
function grown(curves, step, values) {
  const result = { ...curves };
  for (const [name, value] of Object.entries(values)) {
    const before = (result[name] ?? []).filter(([other]) => other !== step);
    result[name] = [...before, [step, value]];
  }
  return result;
}

/** The parts of the page that change while it trains. */
class JobView {
  /**
   * @param {HTMLElement} place
   * @param {number} id
   * @param {boolean} mayStop
   */
  constructor(place, id, mayStop) {
    this.state = h("div", { class: "stack-tight" });
    this.heard = h("p", { class: "hush", role: "status" });
    this.charts = h("div", { class: "charts" });
    this.result = h("div", { class: "stack" });
    this.stop = h("button", {
      class: "button danger slim",
      type: "button",
      onclick: () => this.askStop(id),
    }, "Stop");
    this.mayStop = mayStop;
    this.drawn = 0;
    fill(
      place,
      h("div", { class: "row row-ends" }, h("h2", {}, `Update ${id}`), this.stop),
      this.state,
      this.heard,
      this.result,
      this.charts,
    );
  }

  /**
   * @param {Job} job
   * @param {Curves} curves
   */
  async draw(job, curves) {
    this.stop.hidden = !(this.mayStop && isRunning(job));
    fill(this.state, stateView(job));
    const { name } = jobState(job.state);
    if (this.heard.textContent !== name) this.heard.textContent = name;
    this.drawn = 0;
    this.drawCurves(curves);
    if (job.state === "finished") {
      await attempt(this.result, async () => {
        fill(this.result, await versionResult(job));
      });
    }
  }

  /** @param {Curves} curves */
  drawCurves(curves) {
    const now = performance.now();
    if (now - this.drawn < pace) return;
    this.drawn = now;
    fill(this.charts, curveCharts(curves));
  }

  /** @param {number} id */
  async askStop(id) {
    const yes = await confirm({
      title: "Stop this update?",
      action: "Stop it",
      danger: true,
      text:
        "The training ends and makes no new version. Your judgements stay and can be used again.",
    });
    if (yes) await attempt(this.result, () => post(`/api/updates/${id}/stop`));
  }
}

/** @param {Job} job */
function stateView(job) {
  const { name, mood } = jobState(job.state);
  const took = duration(job.startedAt, job.endedAt);
  if (job.state === "failed") {
    return notice(
      "bad",
      h("p", {}, h("strong", {}, "This update failed.")),
      h("p", {}, job.error ?? "No reason was given."),
      h("p", {}, "The version in use is unchanged, and no judgement is lost."),
    );
  }
  const steps = job.steps > 0 ? `, step ${job.step} of ${job.steps}` : "";
  return [
    h(
      "p",
      { class: "row" },
      h("span", { class: `chip ${mood}` }, name),
      h("span", { class: "quiet small" }, `${methodName(job.method)}${steps}, ${took}`),
    ),
    isRunning(job) && h("progress", {
      aria: { label: "Progress of the training" },
      ...(job.state === "training" && job.steps > 0 ? { max: job.steps, value: job.step } : {}),
    }),
  ];
}
