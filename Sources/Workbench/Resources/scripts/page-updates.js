// Updates of the model: started, watched, and what came of them.

import { get, post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part, show } from "./dom.js";
import { listen } from "./events.js";
import { counted, duration, moment } from "./format.js";
import { methodName, methods } from "./methods.js";
import { loading, notice, toast } from "./notice.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { table } from "./table.js";
import { followJob } from "./update-live.js";
import { isRunning, jobState } from "./update-words.js";

/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./types.js").Job} Job */

/** Ends the watch for updates that start elsewhere. @type {() => void} */
let stopWatching = () => {};

/** The update that the page shows; 0 for none. */
let followed = 0;

start(async (account) => {
  showMethods();
  const isAdministrator = may(account, "administrator");
  const form = find("update-form", HTMLFormElement);
  onSubmit(form, part("update-error"), async () => {
    const method = new FormData(form).get("method");
    const { job } = await post("/api/updates", { method });
    history.replaceState(null, "", `?job=${job.id}`);
    await refresh(isAdministrator);
    follow(job.id, isAdministrator);
    part("job").focus({ preventScroll: true });
    part("job").scrollIntoView({ block: "start" });
  });
  await loading(part("pending"), async () => {
    const jobs = await refresh(isAdministrator);
    const asked = Number(new URLSearchParams(location.search).get("job"));
    const shown = jobs.find(isRunning)?.id ?? (asked || jobs[0]?.id);
    if (shown) follow(shown, isAdministrator);
    else watch(isAdministrator);
  });
});

function showMethods() {
  fill(
    part("methods"),
    methods.map(({ method, name, text }, index) =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "radio", name: "method", value: method, checked: index === 0 }),
        h("span", {}, h("strong", {}, name), text),
      )
    ),
  );
}

/**
 * @param {boolean} mayStart
 * @returns {Promise<Job[]>} the newest first
 */
async function refresh(mayStart) {
  /** @type {{jobs: Job[], pending: number, threshold: number, automatic: boolean}} */
  const { jobs, pending, threshold, automatic } = await get("/api/updates");
  fill(part("pending"), pendingView(pending, threshold, automatic));
  // One update runs at a time.
  show(part("start"), mayStart && !jobs.some(isRunning));
  const newest = [...jobs].sort((a, b) => b.id - a.id);
  fill(
    part("jobs"),
    newest.length === 0
      ? h("p", { class: "quiet" }, "None yet. The model is as it came.")
      : jobTable(newest),
  );
  return newest;
}

/**
 * @param {number} pending
 * @param {number} threshold
 * @param {boolean} automatic
 */
function pendingView(pending, threshold, automatic) {
  const left = Math.max(0, threshold - pending);
  const rest = automatic
    ? left > 0
      ? `An update starts by itself after ${left} more.`
      : "An update starts by itself now."
    : "Updates start only by hand here.";
  return h(
    "div",
    { class: "stack-tight" },
    h(
      "p",
      { id: "pending-text" },
      h("strong", {}, counted(pending, "new judgement")),
      ` since the last update. ${rest}`,
    ),
    automatic &&
      h("progress", {
        max: threshold,
        value: Math.min(pending, threshold),
        aria: { labelledby: "pending-text" },
      }),
    pending === 0 &&
      notice(
        "",
        h(
          "p",
          {},
          "There is nothing new to learn from. ",
          h("a", { href: "/rank" }, "Rank answers"),
          " or ",
          h("a", { href: "/ask" }, "correct some"),
          " first.",
        ),
      ),
  );
}

/** @param {Job[]} jobs */
function jobTable(jobs) {
  return table(
    "All updates, the newest first",
    [
      {
        title: "Update",
        isHead: true,
        cell: ({ id }) => h("a", { href: `?job=${id}` }, `Update ${id}`),
      },
      { title: "Learns from", cell: ({ method }) => methodName(method) },
      {
        title: "State",
        cell: ({ state }) =>
          h("span", { class: `chip ${jobState(state).mood}` }, jobState(state).name),
      },
      {
        title: "Started",
        cell: ({ startedAt, startedBy }) =>
          `${moment(startedAt)}${
            startedBy === null || startedBy === undefined ? ", by itself" : ""
          }`,
      },
      {
        title: "Took",
        isNumber: true,
        cell: ({ startedAt, endedAt }) => duration(startedAt, endedAt),
      },
    ],
    jobs,
    { hideCaption: true },
  );
}

/**
 * @param {number} id
 * @param {boolean} mayStop
 */
function follow(id, mayStop) {
  if (id === followed) return;
  followed = id;
  stopWatching();
  show(part("job"), true);
  void followJob(part("job"), id, {
    mayStop,
    onChange: () => void refresh(mayStop),
    onEnd: () => watch(mayStop),
  });
}

/**
 * Shows an update as soon as it starts by itself, or in somebody else's window. Not while one is
 * followed: browsers keep few connections to one server.
 * @param {boolean} mayStop
 */
function watch(mayStop) {
  stopWatching();
  stopWatching = listen("/api/updates/events", {
    state: (/** @type {Job} */ job) => {
      if (!isRunning(job)) return;
      toast(`Update ${job.id} has started`);
      void refresh(mayStop);
      follow(job.id, mayStop);
    },
  });
}
