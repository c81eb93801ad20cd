// Which cases wait for this rater.

import { get } from "./api.js";
import { fill, h, part } from "./dom.js";
import { beginning, counted } from "./format.js";
import { empty, loading } from "./notice.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";

/**
 * @typedef {{
 *   samplingID: number, caseID?: string, question: string, traces: number, draft?: boolean,
 *   assigned?: boolean
 * }} Item
 */

start((account) =>
  loading(part("queue"), async () => {
    if (!may(account, "expert")) {
      fill(part("queue"), empty("Ranking is for experts", "Your role is to read what they find."));
      return;
    }
    /** @type {{next: Item[], done: number, remaining: number}} */
    const { next, done, remaining } = await get("/api/queue");
    if (next[0]) offer(next[0]);
    fill(part("queue"), next[0] ? [progress(done, remaining), waiting(next)] : nothing(done));
  })
);

/** Lets the person begin with a case. @param {Item} item */
function offer({ samplingID }) {
  const address = `/rank/${samplingID}`;
  const key = h("kbd", { aria: { hidden: true } }, "Enter");
  fill(part("queue-start"), h("a", { class: "button primary", href: address }, "Start ", key));
  addShortcuts({
    keys: ["enter"],
    text: "Start with the first case",
    run: () => location.assign(address),
  });
}

/** @param {Item[]} items */
function waiting(items) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Waiting"),
    h("ul", { class: "list" }, items.map(row)),
  );
}

/** @param {number} done */
function nothing(done) {
  const title = done > 0 ? "All done" : "Nothing to rank yet";
  const text = done > 0
    ? `You ranked ${
      counted(done, "case")
    } and none is left. Let the model answer more cases, or update it with what you judged.`
    : "Choose a case and let the model answer it a few times. Then its answers wait here.";
  return empty(
    title,
    text,
    h("a", { class: "button primary", href: "/cases" }, "Choose a case"),
    done > 0 && h("a", { class: "button", href: "/updates" }, "Update the model"),
  );
}

/**
 * @param {number} done
 * @param {number} remaining
 */
function progress(done, remaining) {
  return h(
    "div",
    { class: "stack-tight" },
    h("p", { id: "progress-text" }, `${counted(done, "case")} ranked, ${remaining} to go`),
    h("progress", {
      max: Math.max(1, done + remaining),
      value: done,
      aria: { labelledby: "progress-text" },
    }),
  );
}

/** @param {Item} item */
function row(item) {
  return h(
    "li",
    { class: "stack-tight" },
    h("a", { href: `/rank/${item.samplingID}` }, beginning(item.question, 220)),
    h(
      "div",
      { class: "row" },
      h("span", { class: "small quiet" }, counted(item.traces, "answer")),
      item.assigned && h("span", { class: "chip accent" }, "Given to you"),
      item.draft && h("span", { class: "chip warn" }, "Draft"),
    ),
  );
}
