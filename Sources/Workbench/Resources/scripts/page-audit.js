// The audit log.

import { get } from "./api.js";
import { fill, h, part, show } from "./dom.js";
import { empty, loading } from "./notice.js";
import { start } from "./shell.js";
import { table } from "./table.js";

/**
 * @typedef {{
 *   id: number, at: string, account?: number | null, action: string, subject: string,
 *   detail: unknown, hash: string
 * }} Entry
 */

const limit = 100;
/** @type {Entry[]} */
let entries = [];
/** @type {Map<number, string>} */
let names = new Map();

start(async () => {
  part("older").addEventListener("click", () => more());
  await loading(part("audit"), async () => {
    const { accounts } = await get("/api/accounts");
    names = new Map(
      accounts.map((/** @type {import("./types.js").Account} */ { id, name }) => [id, name]),
    );
  });
  await more();
});

function more() {
  return loading(part("audit"), async () => {
    const last = entries[entries.length - 1];
    const before = last ? `&before=${last.id}` : "";
    /** @type {{entries: Entry[]}} */
    const page = await get(`/api/audit?limit=${limit}${before}`);
    entries = [...entries, ...page.entries];
    show(part("older"), page.entries.length === limit);
    fill(
      part("audit"),
      entries.length === 0
        ? empty(
          "Nothing has happened yet",
          "Every judgement, export and promotion will stand here.",
        )
        : log(),
    );
  });
}

function log() {
  return table("The newest first; times are those of this computer", [
    { title: "No.", isNumber: true, cell: ({ id }) => String(id) },
    {
      title: "When",
      cell: ({ at }) =>
        h(
          "time",
          { datetime: at },
          new Date(at).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "medium" }),
        ),
    },
    { title: "Who", cell: ({ account }) => who(account) },
    { title: "What", cell: ({ action, subject }) => [h("strong", {}, action), ` ${subject}`] },
    { title: "Details", cell: ({ detail }) => h("code", {}, details(detail)) },
    { title: "Seal", cell: ({ hash }) => h("code", { title: hash }, hash.slice(0, 10)) },
  ], entries);
}

/** @param {number | null | undefined} account */
function who(account) {
  if (account === null || account === undefined) return "The workbench itself";
  return names.get(account) ?? `Account ${account}`;
}

/** @param {unknown} detail */
function details(detail) {
  if (detail === null || typeof detail !== "object") return "";
  return Object.entries(detail).map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(
    ", ",
  );
}
