// All versions of the model, their lineage, promotion and roll back.

import { APIError, get, post } from "./api.js";
import { confirm } from "./dialog.js";
import { fill, h, part } from "./dom.js";
import { counted, moment, whole } from "./format.js";
import { lineage } from "./lineage.js";
import { methodName } from "./methods.js";
import { loading, notice, showError, toast } from "./notice.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { table } from "./table.js";
import { metricsView } from "./version-metrics.js";

/** @typedef {import("./types.js").Version} Version */

start(async (account) => {
  const mayPromote = may(account, "administrator");
  part("roll-back").addEventListener("click", () => void rollBack(mayPromote));
  await show(mayPromote);
  await loading(
    part("datasets"),
    async () => fill(part("datasets"), datasets((await get("/api/datasets")).datasets)),
  );
});

/** @param {boolean} mayPromote */
function show(mayPromote) {
  return loading(part("versions"), async () => {
    /** @type {{versions: Version[], current: number}} */
    const { versions, current } = await get("/api/versions");
    const newest = [...versions].sort((a, b) => b.id - a.id);
    fill(
      part("versions"),
      lineage(newest, current, (version) => card(version, versions, current, mayPromote)),
      versions.length === 1 &&
        notice(
          "",
          h(
            "p",
            {},
            "This is the model as it came. It changes with the first update. ",
            h("a", { href: "/updates" }, "Go to updates"),
          ),
        ),
    );
  });
}

/**
 * @param {Version} version
 * @param {Version[]} all
 * @param {number} current
 * @param {boolean} mayPromote
 */
function card(version, all, current, mayPromote) {
  const { id, name, method, parent, judgements, datasetHash, createdAt, state } = version;
  const origin = all.find((one) => one.id === parent);
  const mayUse = mayPromote && id !== current && !["training", "failed"].includes(state);
  return h(
    "article",
    { class: "card stack", aria: { label: `Version ${name}` } },
    h(
      "div",
      { class: "row row-ends" },
      h("div", { class: "row" }, h("h2", {}, name), stateChip(state, id === current)),
      mayUse && h("button", {
        class: "button slim",
        type: "button",
        onclick: () => promote(version, mayPromote),
      }, "Use this version"),
    ),
    h(
      "p",
      { class: "small quiet" },
      [
        methodName(method),
        origin && `trained from ${origin.name}`,
        judgements ? counted(judgements, "judgement") : "",
        moment(createdAt),
      ]
        .filter(Boolean).join(" · "),
    ),
    metricsView(version.metrics),
    datasetHash &&
      h(
        "p",
        { class: "small quiet" },
        "Fingerprint of its judgements ",
        h("code", { title: datasetHash }, datasetHash.slice(0, 12)),
      ),
  );
}

/**
 * @param {string} state
 * @param {boolean} isCurrent
 */
function stateChip(state, isCurrent) {
  /** @type {Record<string, [string, string]>} */
  const names = {
    candidate: ["Held back", "warn"],
    training: ["In training", "accent"],
    failed: ["Failed", "bad"],
    superseded: ["Used before", ""],
    rejected: ["Not used", ""],
  };
  const [name, mood] = isCurrent ? ["In use", "good"] : names[state] ?? [state, ""];
  return h("span", { class: `chip ${mood}` }, name);
}

/**
 * @param {Version} version
 * @param {boolean} mayPromote
 * @param {string} [worse] why a reason is needed
 */
async function promote(version, mayPromote, worse) {
  const answer = await confirm({
    title: worse ? `Use ${version.name} all the same?` : `Use ${version.name}?`,
    text: worse ?? "From now on this version answers. The one in use now stays and can come back.",
    action: worse ? "Use it all the same" : "Use this version",
    danger: worse !== undefined,
    reason: { label: worse ? "Why?" : "Reason (optional)", required: worse !== undefined },
  });
  if (!answer) return;
  try {
    await post(
      `/api/versions/${version.id}/promote`,
      answer.reason ? { reason: answer.reason } : {},
    );
    toast(`${version.name} is in use`);
    await show(mayPromote);
  } catch (error) {
    if (error instanceof APIError && error.code === "worse" && worse === undefined) {
      await promote(version, mayPromote, error.message);
    } else {
      showError(part("versions"), error);
    }
  }
}

/** @param {boolean} mayPromote */
async function rollBack(mayPromote) {
  const yes = await confirm({
    title: "Roll back?",
    action: "Roll back",
    text: "The version that was in use before answers again. Nothing is deleted.",
  });
  if (!yes) return;
  try {
    await post("/api/versions/rollback");
    toast("Rolled back");
    await show(mayPromote);
  } catch (error) {
    toast(error instanceof Error ? error.message : "It could not be rolled back.");
  }
}

/**
 * @typedef {{
 *   id: number, kind: string, version: number, hash: string, count: number,
 *   judgements: string[], createdAt: string
 * }} Dataset
 */

/** @param {Dataset[]} all */
function datasets(all) {
  /** @type {Record<string, string>} */
  const kinds = {
    feedback: "Accepted and corrected",
    preference: "Ranked pairs",
    labelled: "Good and bad answers",
  };
  if (all.length === 0) return h("p", { class: "quiet" }, "None yet. The first update makes one.");
  return table(
    "Collections of judgements",
    [
      {
        title: "Collection",
        isHead: true,
        cell: ({ kind, version }) => `${kinds[kind] ?? kind}, no. ${version}`,
      },
      { title: "Records", isNumber: true, cell: ({ count }) => whole(count) },
      { title: "Judgements", isNumber: true, cell: ({ judgements }) => whole(judgements.length) },
      { title: "Made", cell: ({ createdAt }) => moment(createdAt) },
      { title: "Fingerprint", cell: ({ hash }) => h("code", { title: hash }, hash.slice(0, 12)) },
    ],
    all,
    { hideCaption: true },
  );
}
