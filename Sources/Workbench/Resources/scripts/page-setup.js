// First start: the one-time link makes the first administrator.

import { post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part } from "./dom.js";
import { readForm } from "./form.js";
import { notice } from "./notice.js";

const form = find("setup-form", HTMLFormElement);
const token = new URLSearchParams(location.search).get("token") ?? "";
const errors = part("form-error");

if (token === "") {
  fill(
    errors,
    notice(
      "warn",
      h("p", {}, "This page needs the set-up link that the workbench printed when it started."),
    ),
  );
}

onSubmit(form, errors, async () => {
  const { name, password, again } = readForm(form);
  if (password !== again) {
    fill(errors, notice("bad", h("p", {}, "The two passwords differ.")));
    return;
  }
  await post("/api/setup", { token, name, password });
  location.replace("/");
});
