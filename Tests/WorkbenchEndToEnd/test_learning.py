"""The real loop: judgements by a fixed rule change the model, measured on cases kept aside.

The rule stands in for a person and is the same for every case: of two answers of the model the
one that comes to its end by itself is better than one that is cut off at the longest length; of
two that end alike the shorter one is better.
"""

import time
import unittest
from pathlib import Path

from server import Workbench, temporary, wait

JUDGEMENTS = 30
KEPT_ASIDE = 8
PLAN = {"wanted": 2, "attempts": 4, "temperature": 0.9, "maxTokens": 60, "maxOverlap": 1,
        "verify": False}


def ranks(traces):
    """The rule."""
    order = sorted(traces, key=lambda one: (one["finish"] != "stop", len(one["text"]), one["id"]))
    return {str(one["id"]): place for place, one in enumerate(order, 1)}


class Learning(unittest.TestCase):
    def test_judgements_raise_held_out_preference_accuracy(self):
        with temporary() as folder, \
                Workbench(Path(folder) / "data", "--no-auto-retrain") as workbench:
            api = workbench.administrator()
            start = time.monotonic()
            sheets = self.sample(api)
            sampled = time.monotonic()
            for sheet in sheets:
                self.judge(api, sheet)
            version = self.update(api)
            preference = version["metrics"]["preferenceAccuracy"]
            cases = version["metrics"]["caseAccuracy"]
            print(f"{len(sheets)} judgements, {version['judgements']} of them trained on; "
                  f"held-out preference accuracy {preference['before']:.3f} -> "
                  f"{preference['after']:.3f} (n = {preference['n']}, 95 % interval "
                  f"{preference['low']:.3f} to {preference['high']:.3f}); held-out case accuracy "
                  f"{cases['before']:.3f} -> {cases['after']:.3f} (n = {cases['n']}); sampling "
                  f"{sampled - start:.0f} s, update {time.monotonic() - sampled:.0f} s", flush=True)
            self.assertEqual(len(sheets), JUDGEMENTS)
            self.assertGreater(preference["after"], preference["before"])

    def sample(self, api):
        """Answers to cases of the bank, of which some are kept aside."""
        api.post("/api/cases/bank", {"count": 60, "seed": 7})
        cases = api.get("/api/cases?limit=200")["cases"]
        aside = [case for case in cases if case["heldOut"]][:KEPT_ASIDE]
        trained = [case for case in cases if not case["heldOut"]][:JUDGEMENTS - KEPT_ASIDE]
        started = [api.post(f"/api/cases/{case['id']}/samplings", PLAN)["sampling"]["id"]
                   for case in trained + aside]
        wait("the answers", lambda: all(self.is_over(api, number) for number in started), 600, 1)
        return started

    def is_over(self, api, number):
        sampling = api.get(f"/api/samplings/{number}")["sampling"]
        self.assertNotIn(sampling["state"], ("failed", "stopped"), sampling)
        return sampling["state"] in ("verified", "exhausted")

    def judge(self, api, sheet):
        api.get(f"/api/samplings/{sheet}/sheet")
        traces = api.get(f"/api/samplings/{sheet}")["traces"]
        api.put(f"/api/samplings/{sheet}/ranking", {"revision": 0, "ranks": ranks(traces)})

    def update(self, api):
        job = api.post("/api/updates", {"method": "dpo"})["job"]
        states = [data["state"] for name, data in api.events(f"/api/updates/{job['id']}/events")
                  if name == "state"]
        self.assertEqual(states[-1], "finished", states)
        job = api.get(f"/api/updates/{job['id']}")["job"]
        return next(one for one in api.get("/api/versions")["versions"]
                    if one["id"] == job["versionID"])


if __name__ == "__main__":
    unittest.main()
