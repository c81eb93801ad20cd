// One's own account: the password.

import { post } from "./api.js";
import { onSubmit } from "./dialog.js";
import { fill, find, h, part } from "./dom.js";
import { readForm } from "./form.js";
import { counted } from "./format.js";
import { notice, toast } from "./notice.js";
import { start } from "./shell.js";

start((account) => {
  part("account").textContent = `You are signed in as ${account.name}, ${account.role}.`;
  const form = find("password-form", HTMLFormElement);
  const errors = part("password-error");
  // Password managers keep the password under this name.
  find("account-name", HTMLInputElement).defaultValue = account.name;
  onSubmit(form, errors, async () => {
    const { present, new: chosen, again } = readForm(form);
    if (chosen !== again) {
      fill(errors, notice("bad", h("p", {}, "The two new passwords differ.")));
      return;
    }
    /** @type {{sessionsEnded: number}} */
    const { sessionsEnded } = await post("/api/password", { present, new: chosen });
    form.reset();
    const others = sessionsEnded > 0
      ? `; you were signed out in ${counted(sessionsEnded, "other place")}`
      : "";
    toast(`Your password is changed${others}`);
  });
});
