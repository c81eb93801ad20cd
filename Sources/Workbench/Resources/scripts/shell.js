// What every page does first: who is signed in, the menu, the colours, the shortcuts.

import { post } from "./api.js";
import { find, part, show } from "./dom.js";
import { notice } from "./notice.js";
import { may, session } from "./session.js";
import { startShortcuts } from "./shortcuts.js";

/** @typedef {import("./types.js").Account} Account */

/**
 * Prepares the page, then runs it with the account that is signed in.
 * @param {(account: Account) => void | Promise<void>} page
 */
export async function start(page) {
  markPlace();
  startMenu();
  startThemes();
  startShortcuts();
  try {
    const account = await session();
    showAccount(account);
    await page(account);
  } catch (error) {
    console.error(error);
    part("main").prepend(notice("bad", error instanceof Error ? error.message : ""));
  }
}

function markPlace() {
  const place = `/${location.pathname.split("/")[1]}`;
  for (const link of document.querySelectorAll("#menu a")) {
    if (link.getAttribute("href") === place) link.setAttribute("aria-current", "page");
  }
}

function startMenu() {
  const button = part("menu-button");
  const menu = part("menu");
  /** @param {boolean} isOpen */
  const set = (isOpen) => {
    button.setAttribute("aria-expanded", String(isOpen));
    menu.toggleAttribute("data-open", isOpen);
  };
  button.addEventListener("click", () => set(!menu.hasAttribute("data-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.hasAttribute("data-open")) return;
    set(false);
    button.focus();
  });
}

/** The button goes round: as the system, light, dark. */
function startThemes() {
  const names = { system: "as the system", light: "light", dark: "dark" };
  const order = /** @type {const} */ (["system", "light", "dark"]);
  const root = document.documentElement;
  const now = () => /** @type {keyof typeof names} */ (root.dataset.theme ?? "system");
  const tell = () => {
    const text = `Colours: ${names[now()]}`;
    part("theme-name").textContent = text;
    part("theme-button").title = text;
  };
  part("theme-button").addEventListener("click", () => {
    const next = order[(order.indexOf(now()) + 1) % order.length] ?? "system";
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    localStorage.setItem("theme", next);
    tell();
  });
  tell();
}

/** @param {Account} account */
function showAccount(account) {
  part("who").textContent = `${account.name}, ${account.role}`;
  const button = find("sign-out", HTMLButtonElement);
  show(button, true);
  button.addEventListener("click", async () => {
    await post("/api/logout");
    location.assign("/login");
  });
  for (const element of document.querySelectorAll("[data-role]")) {
    const role = /** @type {import("./types.js").Role} */ (element.getAttribute("data-role"));
    element.toggleAttribute("hidden", !may(account, role));
  }
}
