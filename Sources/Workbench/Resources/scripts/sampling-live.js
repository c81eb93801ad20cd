// A sampling as it happens: tokens stream in, answers are kept or not.

import { get, post } from "./api.js";
import { fill, h } from "./dom.js";
import { listen } from "./events.js";
import { showError } from "./notice.js";
import { isOver } from "./sampling-words.js";
import {
  keptAnswers,
  rejectedAnswers,
  samplingProgress,
  samplingState,
  showSampling,
} from "./sampling-view.js";

/** @typedef {import("./sampling-view.js").Sampled} Sampled */

/** Ends what the page followed before. @type {() => void} */
let stopListening = () => {};

/**
 * Shows a sampling and follows it until it is over.
 * @param {HTMLElement} place
 * @param {number} id
 * @param {{
 *   mayStop: boolean, onEnd?: (sampled: Sampled) => void,
 *   looking?: import("./looking.js").Looking
 * }} options
 */
export async function followSampling(place, id, { mayStop, onEnd, looking }) {
  stopListening();
  /** @type {Sampled} */
  let sampled = await get(`/api/samplings/${id}`);
  const end = () => {
    looking?.offer(lookedAt(sampled));
    showSampling(place, sampled, rankLink(sampled), looking);
    onEnd?.(sampled);
  };
  if (isOver(sampled.sampling.state)) {
    end();
    return;
  }
  const view = new LiveView(place, id, mayStop);
  view.draw(sampled);
  const again = async () => {
    sampled = await get(`/api/samplings/${id}`);
    if (isOver(sampled.sampling.state)) {
      stopListening();
      end();
    } else {
      view.draw(sampled);
    }
  };
  const retry = () => again().catch((error) => showError(place, error));
  stopListening = listen(`/api/samplings/${id}/events`, {
    token: ({ attempt, text }) => view.add(attempt, text),
    trace: (trace) => {
      sampled = {
        ...sampled,
        traces: [...sampled.traces.filter((one) => one.attempt !== trace.attempt), trace],
      };
      view.draw(sampled);
    },
    rejected: (rejection) => {
      const others = sampled.rejected.filter((one) => one.attempt !== rejection.attempt);
      sampled = { ...sampled, rejected: [...others, rejection] };
      view.draw(sampled);
    },
    state: (state) => {
      if (isOver(state.state)) {
        void retry();
        return;
      }
      sampled = { ...sampled, sampling: { ...sampled.sampling, ...state } };
      view.draw(sampled);
      // What came between the first request and the first event.
      if (sampled.traces.length + sampled.rejected.length < state.attempts) void retry();
    },
  }, () => void retry());
}

/** Answers that were given to images. @param {Sampled} sampled */
function lookedAt({ sampling, traces }) {
  if (sampling.images.length === 0) return [];
  return traces.map(({ id, attempt }) => ({ id, name: `Attempt ${attempt}` }));
}

/** @param {Sampled} sampled */
function rankLink({ sampling, traces }) {
  if (traces.length < 2) return null;
  return h(
    "p",
    {},
    h("a", { class: "button primary", href: `/rank/${sampling.id}` }, "Rank these answers"),
  );
}

/** The parts of the page that change while the model writes. */
class LiveView {
  /**
   * @param {HTMLElement} place
   * @param {number} id
   * @param {boolean} mayStop
   */
  constructor(place, id, mayStop) {
    /** What is being written, by attempt. @type {Map<number, HTMLElement>} */
    this.streams = new Map();
    this.state = h("div", { class: "stack" });
    this.writing = h("section", { class: "card stack" });
    this.lists = h("div", { class: "stack" });
    this.heard = h("p", { class: "hush", role: "status" });
    const stop = h("button", {
      class: "button",
      type: "button",
      onclick: () => {
        stop.disabled = true;
        post(`/api/samplings/${id}/stop`).catch((error) => showError(this.state, error));
      },
    }, "Stop");
    fill(
      place,
      h("section", { class: "card stack" }, this.state, mayStop && h("p", {}, stop)),
      this.writing,
      this.heard,
      this.lists,
    );
  }

  /** @param {Sampled} sampled */
  draw({ sampling, traces, rejected }) {
    fill(this.state, samplingState(sampling), samplingProgress(sampling));
    fill(this.lists, keptAnswers(traces), rejectedAnswers(rejected));
    for (const { attempt } of [...traces, ...rejected]) this.streams.delete(attempt);
    this.drawStreams();
    this.heard.textContent =
      `${traces.length} of ${sampling.wanted} answers kept, ${rejected.length} not kept`;
  }

  /**
   * @param {number} attempt
   * @param {string} text
   */
  add(attempt, text) {
    const known = this.streams.get(attempt);
    if (known) {
      known.append(text);
      return;
    }
    const stream = h("div", { class: "answer-text stream", aria: { hidden: true } }, text);
    this.streams.set(attempt, stream);
    this.drawStreams();
  }

  /** The attempts that are being written, one below the other. */
  drawStreams() {
    const attempts = [...this.streams].sort(([one], [other]) => one - other);
    fill(
      this.writing,
      attempts.length === 0 && h("h2", {}, "The model is thinking …"),
      attempts.map(([attempt, stream]) =>
        h(
          "div",
          { class: "stack-tight" },
          h("h2", {}, `Attempt ${attempt}, being written now`),
          stream,
        )
      ),
    );
  }
}
