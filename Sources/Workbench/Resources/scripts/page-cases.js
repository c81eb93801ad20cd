// All cases: found, and added.

import { get } from "./api.js";
import { prepareBank, prepareImport, prepareTyping } from "./case-adding.js";
import { fill, find, h, part, show } from "./dom.js";
import { beginning, counted } from "./format.js";
import { empty, loading, toast } from "./notice.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";
import { sourceName } from "./source-names.js";
import { table } from "./table.js";

/** @typedef {import("./types.js").CaseSummary} CaseSummary */

const limit = 50;
let offset = 0;

start((account) => {
  const query = find("query", HTMLInputElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => list(0, account), 250);
  });
  find("search-form", HTMLFormElement).addEventListener(
    "submit",
    (event) => event.preventDefault(),
  );
  part("earlier").addEventListener("click", () => list(offset - limit, account));
  part("later").addEventListener("click", () => list(offset + limit, account));
  addShortcuts({ keys: ["/"], text: "Search", run: () => query.focus() });
  if (may(account, "expert")) prepareAdding(account);
  return list(0, account);
});

/** @param {import("./types.js").Account} account */
function prepareAdding(account) {
  /** @param {string} text */
  const onAdded = (text) => {
    toast(text);
    void list(0, account);
  };
  prepareBank(onAdded);
  prepareImport(onAdded);
  prepareTyping(onAdded);
  addShortcuts(
    { keys: ["n"], text: "Type a case", run: () => part("add-typed").click() },
    { keys: ["i"], text: "Import cases", run: () => part("add-file").click() },
  );
}

/**
 * @param {number} from
 * @param {import("./types.js").Account} account
 */
function list(from, account) {
  const query = find("query", HTMLInputElement).value.trim();
  return loading(part("cases"), async () => {
    const search = new URLSearchParams({
      query,
      offset: String(Math.max(0, from)),
      limit: String(limit),
    });
    /** @type {{total: number, cases: CaseSummary[]}} */
    const { total, cases } = await get(`/api/cases?${search}`);
    offset = Math.max(0, from);
    part("cases-count").textContent = total === 0 ? "" : range(total, cases.length);
    show(part("pages"), total > limit);
    find("earlier", HTMLButtonElement).disabled = offset === 0;
    find("later", HTMLButtonElement).disabled = offset + limit >= total;
    fill(part("cases"), total === 0 ? nothing(query, may(account, "expert")) : rows(cases));
  });
}

/**
 * @param {number} total
 * @param {number} shown
 */
function range(total, shown) {
  if (total <= limit) return counted(total, "case");
  return `Cases ${offset + 1} to ${offset + shown} of ${total}`;
}

/**
 * @param {string} query
 * @param {boolean} mayAdd
 */
function nothing(query, mayAdd) {
  if (query !== "") return empty("No case found", `No question or diagnosis has “${query}” in it.`);
  if (!mayAdd) return empty("No cases yet", "A colleague with the role of an expert can add some.");
  return empty(
    "No cases yet",
    "Begin with made-up practice cases, bring your own as a file, or type one.",
    h("button", {
      class: "button primary",
      type: "button",
      onclick: () => part("add-bank").click(),
    }, "Add practice cases"),
    h("button", {
      class: "button",
      type: "button",
      onclick: () => part("add-file").click(),
    }, "Import"),
    h("button", {
      class: "button",
      type: "button",
      onclick: () => part("add-typed").click(),
    }, "Type a case"),
  );
}

/** @param {CaseSummary[]} cases */
function rows(cases) {
  return table(
    "Cases",
    [
      {
        title: "Case",
        isHead: true,
        cell: ({ id, question }) =>
          h(
            "a",
            { class: "clip", href: `/cases/${encodeURIComponent(id)}` },
            beginning(question, 190),
          ),
      },
      {
        title: "Origin",
        cell: ({ source, heldOut }) =>
          h(
            "span",
            { class: "row" },
            h("span", { class: "chip" }, sourceName(source)),
            heldOut && h("span", { class: "chip accent" }, "For testing"),
          ),
      },
      { title: "Answered", isNumber: true, cell: ({ samplings }) => samplings || "" },
      { title: "Ranked", isNumber: true, cell: ({ rankings }) => rankings || "" },
    ],
    cases,
    { hideCaption: true },
  );
}
