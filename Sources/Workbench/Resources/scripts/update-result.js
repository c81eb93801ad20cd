// What a finished update led to: in use, or held back.

import { get } from "./api.js";
import { h } from "./dom.js";
import { notice } from "./notice.js";
import { metricsView } from "./version-metrics.js";

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("./types.js").Version} Version */

/**
 * @param {Job} job
 * @returns {Promise<(Node | null)[]>}
 */
export async function versionResult(job) {
  if (job.method === "reward") {
    return [
      notice(
        "good",
        h("p", {}, "The reward model is trained. The model that answers is unchanged."),
      ),
    ];
  }
  /** @type {{versions: Version[], current: number}} */
  const { versions, current } = await get("/api/versions");
  const version = versions.find(({ id }) => id === job.versionID);
  if (!version) return [];
  return [verdict(version, version.id === current), metricsView(version.metrics)];
}

/**
 * @param {Version} version
 * @param {boolean} isCurrent
 */
function verdict({ name, state }, isCurrent) {
  if (isCurrent) {
    return notice(
      "good",
      h(
        "p",
        {},
        h("strong", {}, `${name} is now in use.`),
        " On cases it had never seen it did no worse than the version before.",
      ),
    );
  }
  if (state === "candidate") {
    return notice(
      "warn",
      h(
        "p",
        {},
        h("strong", {}, `${name} is held back.`),
        " On unseen cases it did worse than the version before, or there was nothing to test it on. The version before stays in use.",
      ),
      h("p", {}, h("a", { href: "/versions" }, "Look at the versions"), " to use it all the same."),
    );
  }
  return notice("", h("p", {}, `This update made ${name}, which is not in use now.`));
}
