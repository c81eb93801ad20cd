// Versions under each other with the lines of their descent.

import { h } from "./dom.js";
import { svg } from "./svg.js";

/** @typedef {import("./types.js").Version} Version */

/** Where the two lanes stand: the line of the version in use, and the others. */
const lanes = [10, 28];

/**
 * @param {Version[]} versions the newest first
 * @param {number} current
 * @param {(version: Version) => Node} card
 */
export function lineage(versions, current, card) {
  const trunk = ancestry(versions, current);
  return h(
    "ol",
    { class: "lineage-list" },
    versions.map((version, index) => {
      const isTrunk = trunk.has(version.id);
      const above = versions.slice(0, index);
      const goesOn = above.some(({ id }) => trunk.has(id));
      return h(
        "li",
        { class: "lineage" },
        drawing(
          isTrunk,
          goesOn,
          version.parent !== null && version.parent !== undefined,
          version.id === current,
        ),
        card(version),
      );
    }),
  );
}

/**
 * The version in use and all it descends from.
 * @param {Version[]} versions
 * @param {number} current
 */
function ancestry(versions, current) {
  /** @type {Set<number>} */
  const ids = new Set();
  let id = /** @type {number | null | undefined} */ (current);
  while (id !== null && id !== undefined && !ids.has(id)) {
    ids.add(id);
    id = versions.find((one) => one.id === id)?.parent;
  }
  return ids;
}

/**
 * @param {boolean} isTrunk
 * @param {boolean} goesOn whether the trunk goes on above
 * @param {boolean} hasParent
 * @param {boolean} isCurrent
 */
function drawing(isTrunk, goesOn, hasParent, isCurrent) {
  const x = lanes[isTrunk ? 0 : 1] ?? 0;
  const trunk = lanes[0] ?? 0;
  const lines = [];
  if (goesOn) lines.push(svg("line", { class: "branch", x1: trunk, x2: trunk, y1: 0, y2: 36 }));
  if (isTrunk && hasParent) {
    lines.push(svg("line", { class: "branch", x1: trunk, x2: trunk, y1: 36, y2: 4000 }));
  }
  if (!isTrunk) {
    lines.push(svg("path", { class: "branch", d: `M ${x} 36 V 52 Q ${x} 70 ${trunk} 70` }));
    lines.push(
      svg("line", { class: "branch", x1: trunk, x2: trunk, y1: goesOn ? 0 : 70, y2: 4000 }),
    );
  }
  const node = svg("circle", { class: isCurrent ? "node current" : "node", cx: x, cy: 36, r: 6 });
  return svg("svg", { "aria-hidden": "true" }, ...lines, node);
}
