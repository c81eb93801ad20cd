"""The real loop: judgements by a fixed rule change the model, measured on cases kept aside.

The rule stands in for a person: an answer that ends with the line the case asks for, `Answer:
<letter>. <diagnosis>`, with the right option in it, is better than one that does not; two that
both do, or both do not, are equal.

The default model hardly ever writes that line by itself. So that there is something to prefer, the
case bank's own answer to each case is put beside what the model wrote, in the state file that
brings the answers in.
"""

import json
import re
import subprocess
import time
import unittest
from pathlib import Path

import material
from server import LAUNCHER, Workbench, temporary, wait

TRAINED, KEPT_ASIDE = 20, 10
# The model's own answers to a case; more where they only test, which is quick.
OWN = {False: 1, True: 3}
PLAN = {"attempts": 8, "temperature": 0.8, "maxTokens": 60, "maxOverlap": 1, "verify": False}


def is_as_asked(text, case):
    """The rule."""
    last = re.fullmatch(r"Answer: ([A-H])\. (.+)", text.rstrip().splitlines()[-1])
    return bool(last) and last[1] == case["answer"] and last[2] == case["options"][last[1]]


class Learning(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_judgements_raise_held_out_preference_accuracy(self):
        start = time.monotonic()
        cases = self.bank()
        state = self.with_answers_of_the_bank(self.own_answers(cases), cases)
        sampled = time.monotonic()
        with Workbench(self.folder / "loop", "--no-auto-retrain") as workbench:
            api = workbench.administrator()
            api.send("/api/import/state", state, "application/x-ndjson")
            judged = self.judge(api, cases)
            version = self.update(api)
        preference, accuracy = (version["metrics"][name]
                                for name in ("preferenceAccuracy", "caseAccuracy"))
        print(f"{judged} judgements, {version['judgements']} of them trained on; held-out "
              f"preference accuracy {preference['before']:.3f} -> {preference['after']:.3f} "
              f"(n = {preference['n']}, 95 % interval {preference['low']:.3f} to "
              f"{preference['high']:.3f}); held-out case accuracy {accuracy['before']:.3f} -> "
              f"{accuracy['after']:.3f} (n = {accuracy['n']}); the answers took "
              f"{sampled - start:.0f} s, the update {time.monotonic() - sampled:.0f} s", flush=True)
        self.assertEqual((judged, version["judgements"]), (TRAINED + KEPT_ASIDE, TRAINED))
        self.assertGreater(preference["after"], preference["before"])

    def bank(self):
        """Cases of the bank with its answers, by id."""
        file = self.folder / "bank.jsonl"
        subprocess.run([str(LAUNCHER), "cases", "--form", "messages", "--count", "100", "--seed",
                        "7", "--output", str(file)], check=True, capture_output=True)
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        trained = [row for row in rows if not material.is_held_out(row["id"])][:TRAINED]
        aside = [row for row in rows if material.is_held_out(row["id"])][:KEPT_ASIDE]
        return {row["id"]: row for row in trained + aside}

    def own_answers(self, cases):
        """The state of a workbench in which the model has answered the cases."""
        with Workbench(self.folder / "answers", "--no-auto-retrain") as workbench:
            api = workbench.administrator()
            api.send("/api/cases/import?format=jsonl", material.lines(cases.values()),
                     "application/x-ndjson")
            started = [
                api.post(f"/api/cases/{name}/samplings",
                         {**PLAN, "wanted": OWN[material.is_held_out(name)]})["sampling"]["id"]
                for name in cases]
            wait("the answers", lambda: all(self.is_over(api, one) for one in started), 600, 1)
            return api.text("/api/export/state.jsonl")

    def is_over(self, api, number):
        sampling = api.get(f"/api/samplings/{number}")["sampling"]
        self.assertNotIn(sampling["state"], ("failed", "stopped"), sampling)
        return sampling["state"] in ("verified", "exhausted")

    def with_answers_of_the_bank(self, state, cases):
        rows = [json.loads(line) for line in state.splitlines()]
        traces = [row for row in rows if row["table"] == "trace"]
        number = max(row["id"] for row in traces)
        for sampling in [row for row in rows if row["table"] == "sampling"]:
            number += 1
            for count in ("attempts", "accepted", "wanted"):
                sampling[count] += 1
            traces.append({
                **traces[0], "id": number, "samplingID": sampling["id"], "kept": True,
                "attempt": sampling["attempts"], "finish": "stop", "reason": "",
                "text": cases[sampling["caseID"]]["messages"][-1]["content"]})
        first = next(index for index, row in enumerate(rows) if row["table"] == "trace")
        others = [row for row in rows if row["table"] != "trace"]
        return material.lines(others[:first] + traces + others[first:])

    def judge(self, api, cases):
        count = 0
        for summary in api.get("/api/cases?limit=200")["cases"]:
            case = cases[summary["id"]]
            sheet = api.get(f"/api/cases/{summary['id']}")["samplings"][0]["id"]
            answers = api.get(f"/api/samplings/{sheet}/sheet")["answers"]
            ranks = {str(one["id"]): 1 if is_as_asked(one["text"], case) else 2
                     for one in answers}
            api.put(f"/api/samplings/{sheet}/ranking", {"revision": 0, "ranks": ranks})
            count += 1
        return count

    def update(self, api):
        job = api.post("/api/updates", {"method": "dpo"})["job"]
        states = [data["state"] for name, data in api.events(f"/api/updates/{job['id']}/events")
                  if name == "state"]
        self.assertEqual(states[-1], "finished", states)
        made = api.get(f"/api/updates/{job['id']}")["job"]["versionID"]
        return next(one for one in api.get("/api/versions")["versions"] if one["id"] == made)


if __name__ == "__main__":
    unittest.main()
