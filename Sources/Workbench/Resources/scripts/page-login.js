// Signing in.

import { APIError, post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { find, part } from "./dom.js";
import { readForm } from "./form.js";

const form = find("login-form", HTMLFormElement);

onSubmit(form, part("form-error"), async () => {
  try {
    await post("/api/login", readForm(form));
  } catch (error) {
    const password = find("password", HTMLInputElement);
    password.value = "";
    password.focus();
    if (error instanceof APIError && error.status === 401) {
      throw new APIError(401, "login", "Name and password do not match.");
    }
    throw error;
  }
  location.assign(next());
});

/** Where the person wanted to go; only a path of this workbench. */
function next() {
  const path = new URLSearchParams(location.search).get("next") ?? "/";
  const address = new URL(path, location.origin);
  return address.origin === location.origin ? address.pathname + address.search : "/";
}
