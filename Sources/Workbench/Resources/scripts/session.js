// Who is signed in.

import { get, setToken } from "./api.js";

/** @typedef {import("./types.js").Account} Account */
/** @typedef {import("./types.js").Role} Role */

/** @type {Role[]} Each may do what those before it may. */
const order = ["viewer", "expert", "administrator"];

/** @type {Promise<Account> | undefined} */
let current;

/** The account that is signed in; asked for once. @returns {Promise<Account>} */
export function session() {
  current ??= get("/api/session").then(({ user, csrf }) => {
    setToken(csrf);
    return user;
  });
  return current;
}

/**
 * Whether an account may do what a role may.
 * @param {Account} account
 * @param {Role} role
 */
export function may(account, role) {
  return order.indexOf(account.role) >= order.indexOf(role);
}
