// One case: read it, let the model answer it, see how that went.

import { get, post, remove } from "./api.js";
import { caseView } from "./case-view.js";
import { confirm, onSubmit } from "./dialog.js";
import { fill, find, h, part, show } from "./dom.js";
import { counted, moment } from "./format.js";
import { Looking } from "./looking.js";
import { attempt, showError } from "./notice.js";
import { readForm } from "./form.js";
import { followSampling } from "./sampling-live.js";
import { isOver, stateOf } from "./sampling-words.js";
import { may } from "./session.js";
import { start } from "./shell.js";
import { addShortcuts } from "./shortcuts.js";
import { sourceName } from "./source-names.js";

/** @typedef {import("./types.js").ClinicalCase} ClinicalCase */
/** @typedef {import("./types.js").Sampling} Sampling */
/** @typedef {import("./types.js").Version} Version */

const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const path = `/api/cases/${encodeURIComponent(id)}`;

/** Only experts may have the model asked. */
const looking = new Looking();

start(async (account) => {
  const isExpert = may(account, "expert");
  try {
    /** @type {{case: ClinicalCase, samplings: Sampling[]}} */
    const { case: shown, samplings } = await get(path);
    showCase(shown);
    showHistory(samplings);
    if (isExpert) await prepareSampling(samplings);
    const [running] = samplings.filter(({ state }) => !isOver(state));
    const asked = Number(new URLSearchParams(location.search).get("sampling"));
    const first = running?.id ?? (asked || samplings[0]?.id);
    if (first) await follow(first, isExpert);
  } catch (error) {
    showError(part("case"), error);
  }
  part("delete-case").addEventListener("click", () => void deleteCase());
});

/** @param {ClinicalCase} shown */
function showCase(shown) {
  const { options, answer, diagnosis, source, heldOut } = shown;
  const correct = options.find(({ letter }) => letter === answer);
  fill(
    part("case-chips"),
    h("span", { class: "chip" }, sourceName(source)),
    heldOut &&
      h("span", { class: "chip accent", title: "Never trains the model" }, "Kept for testing"),
  );
  fill(
    part("case"),
    caseView(shown, looking),
    h(
      "details",
      {},
      h("summary", {}, "Show the correct answer"),
      h(
        "p",
        {},
        h("strong", {}, correct ? `${correct.letter}. ${correct.text}` : answer),
        diagnosis && diagnosis !== correct?.text && diagnosis !== answer ? ` (${diagnosis})` : "",
      ),
    ),
  );
}

/** @param {Sampling[]} samplings */
function showHistory(samplings) {
  show(part("history"), samplings.length > 1);
  fill(
    part("samplings"),
    samplings.map((sampling) => {
      const { name, mood } = stateOf(sampling.state);
      return h(
        "li",
        { class: "row row-ends" },
        h("a", { href: `?sampling=${sampling.id}` }, moment(sampling.createdAt)),
        h(
          "span",
          { class: "row" },
          h(
            "span",
            { class: "small quiet" },
            `${counted(sampling.accepted, "answer")} after ${
              counted(sampling.attempts, "attempt")
            }`,
          ),
          h("span", { class: `chip ${mood}` }, name),
        ),
      );
    }),
  );
}

/** @param {Sampling[]} samplings */
async function prepareSampling(samplings) {
  /** @type {{versions: Version[], current: number}} */
  const { versions, current } = await get("/api/versions");
  const usable = versions.filter(({ state }) => !["training", "failed"].includes(state));
  fill(
    find("version", HTMLSelectElement),
    usable.map(({ id, name }) =>
      h(
        "option",
        { value: String(id), selected: id === current },
        id === current ? `${name} (in use)` : name,
      )
    ),
  );
  const form = find("sampling-form", HTMLFormElement);
  if (samplings.length > 0) part("sampling-start").textContent = "Answer the case again";
  onSubmit(form, part("sampling-error"), async () => {
    const { sampling } = await post(`${path}/samplings`, readForm(form));
    history.replaceState(null, "", `?sampling=${sampling.id}`);
    await follow(sampling.id, true);
    part("live").scrollIntoView({ block: "start" });
  });
  addShortcuts({
    keys: ["a"],
    text: "Let the model answer the case",
    run: () => form.requestSubmit(),
  });
}

/**
 * @param {number} samplingID
 * @param {boolean} mayStop
 */
async function follow(samplingID, mayStop) {
  const live = part("live");
  show(live, true);
  const begin = find("sampling-start", HTMLButtonElement);
  begin.classList.remove("primary");
  await attempt(live, () =>
    followSampling(live, samplingID, {
      mayStop,
      looking: mayStop ? looking : undefined,
      onEnd: ({ traces }) => {
        begin.classList.toggle("primary", traces.length < 2);
        if (traces.length < 2) return;
        addShortcuts({
          keys: ["r"],
          text: "Rank these answers",
          run: () => location.assign(`/rank/${samplingID}`),
        });
      },
    }));
}

async function deleteCase() {
  const yes = await confirm({
    title: "Delete this case?",
    danger: true,
    action: "Delete",
    text:
      "The case and the model’s answers to it are removed for good. A case that somebody judged cannot be deleted.",
  });
  if (!yes) return;
  try {
    await remove(path);
    location.assign("/cases");
  } catch (error) {
    showError(part("sampling-error"), error);
    part("sampling-error").scrollIntoView({ block: "center" });
  }
}
