// The people who work here.

import { get, patch, post } from "./api.js";
import { onSubmit, open } from "./dialog.js";
import { fill, find, h, part } from "./dom.js";
import { readForm } from "./form.js";
import { moment } from "./format.js";
import { loading, showError, toast } from "./notice.js";
import { start } from "./shell.js";
import { table } from "./table.js";

/** @typedef {import("./types.js").Account} Account */

start(async (me) => {
  const form = find("account-form", HTMLFormElement);
  onSubmit(form, part("account-error"), async () => {
    await post("/api/accounts", readForm(form));
    form.reset();
    toast("Account added");
    await show(me);
  });
  await show(me);
});

/** @param {Account} me */
function show(me) {
  return loading(part("accounts"), async () => {
    /** @type {{accounts: Account[]}} */
    const { accounts } = await get("/api/accounts");
    fill(
      part("accounts"),
      table(
        "Accounts",
        [
          {
            title: "Name",
            isHead: true,
            cell: (
              { name, id, disabled },
            ) => [
              name,
              id === me.id ? " (you)" : "",
              " ",
              disabled && h("span", { class: "chip warn" }, "Disabled"),
            ],
          },
          { title: "Role", cell: (account) => roleField(account, me) },
          { title: "Since", cell: ({ createdAt }) => moment(createdAt) },
          { title: "Actions", cell: (account) => actions(account, me) },
        ],
        accounts,
        { hideCaption: true },
      ),
    );
  });
}

/** @param {Account} account @param {Account} me */
function roleField(account, me) {
  const names = { expert: "Expert", viewer: "Viewer", administrator: "Administrator" };
  if (account.id === me.id) return names[account.role];
  const select = h(
    "select",
    { aria: { label: `Role of ${account.name}` } },
    Object.entries(names).map(([role, name]) =>
      h("option", { value: role, selected: role === account.role }, name)
    ),
  );
  select.addEventListener("change", () => change(account, { role: select.value }, me));
  return select;
}

/** @param {Account} account @param {Account} me */
function actions(account, me) {
  return h(
    "span",
    { class: "row" },
    account.id === me.id
      ? h("a", { href: "/account" }, "Change your password")
      : h("button", {
        class: "button slim",
        type: "button",
        onclick: () => askPassword(account, me),
        aria: { label: `Set a new password for ${account.name}` },
      }, "New password"),
    account.id !== me.id && h("button", {
      class: "button slim",
      type: "button",
      onclick: () => change(account, { disabled: !account.disabled }, me),
      aria: { label: `${account.disabled ? "Enable" : "Disable"} ${account.name}` },
    }, account.disabled ? "Enable" : "Disable"),
  );
}

/**
 * @param {Account} account
 * @param {object} values
 * @param {Account} me
 */
async function change(account, values, me) {
  try {
    await patch(`/api/accounts/${account.id}`, values);
    toast(`${account.name} changed`);
    await show(me);
  } catch (error) {
    showError(part("account-error"), error);
    part("account-error").scrollIntoView({ block: "center" });
  }
}

/** @param {Account} account @param {Account} me */
function askPassword(account, me) {
  const dialog = find("password-dialog", HTMLDialogElement);
  const form = find("password-form", HTMLFormElement);
  const fresh = /** @type {HTMLFormElement} */ (form.cloneNode(true));
  form.replaceWith(fresh);
  part("password-title").textContent = `New password for ${account.name}`;
  const field = find("new-password", HTMLInputElement);
  field.value = "";
  onSubmit(fresh, part("password-error"), async () => {
    await patch(`/api/accounts/${account.id}`, { password: field.value });
    dialog.close();
    toast(`${account.name} has a new password`);
    await show(me);
  });
  open(dialog);
}
