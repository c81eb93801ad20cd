"""A first day with the workbench in a real browser and with the real model.

The steps build on each other, so they are one test; each prints how long it took.
WORKBENCH_SCREENSHOTS=1 writes the pictures of Documentation/images.
"""

import json
import os
import time
import unittest
from pathlib import Path

import material
from api import Refused
from browser import NARROW, WIDE, Browser, Keys, size_of
from server import NAME, PASSWORD, ROOT, Workbench, temporary, wait

PICTURES = ROOT / "Documentation" / "images"
LARGEST_PICTURE = 200_000
PAGES = ["/", "/cases", "/rank", "/ask", "/arena", "/updates", "/versions", "/agreement",
         "/account", "/accounts", "/audit", "/nothing-here"]
LOOKS = [(WIDE, "light"), (NARROW, "dark")]
# Small enough for two cores: three answers of forty tokens.
SHORT = {"wanted": 3, "attempts": 6, "temperature": 0.9, "maxTokens": 40, "maxOverlap": 1,
         "verify": False}


class FirstDay(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        self.workbench = Workbench(self.folder / "data", "--no-auto-retrain")
        self.addCleanup(self.workbench.stop)
        self.workbench.start()
        self.page = Browser(self.workbench.url, self.downloads)
        self.addCleanup(self.page.close)

    def test_first_day(self):
        steps = [
            self.set_up, self.sign_in, self.from_start_page_to_updated_model, self.import_cases,
            self.sample_and_verify, self.rank_by_buttons, self.ask_and_correct,
            self.stop_an_update, self.promote_and_roll_back, self.compare_versions,
            self.agree_with_a_colleague, self.export_and_import_again, self.every_page_in_two_looks,
            self.sign_out, self.audit_log_is_whole]
        for step in steps:
            start = time.monotonic()
            step()
            print(f"{step.__name__}: {time.monotonic() - start:.1f} s", flush=True)
            self.assertEqual(self.page.faults(), [], step.__name__)

    # The way in

    def set_up(self):
        page = self.page
        link = self.workbench.setup_link()
        page.open(link)
        self.assertEqual(page.violations(), [])
        page.fill("#name", NAME)
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD + ".")
        page.click("button[type=submit]")
        page.says("The two passwords differ.")
        page.fill("#again", PASSWORD)
        page.click("button[type=submit]")
        page.says("Your next three steps")
        self.assertIn(NAME, page.text("#who"))
        with self.assertRaises(Refused):
            self.workbench.client().set_up(link, "Somebody else", PASSWORD)

    def sign_in(self):
        page = self.page
        self.log_out()
        page.open("/cases")
        self.assertTrue(page.path.startswith("/login?next="), page.path)
        self.assertEqual(page.violations(), [])
        page.fill("#name", NAME)
        page.fill("#password", "not the password")
        page.click("button[type=submit]")
        page.says("Name and password do not match.")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.until("the page that was asked for", lambda: page.path == "/cases")
        page.settled()
        page.says("No cases yet")
        self.api = self.workbench.client()
        self.api.log_in(NAME, PASSWORD)

    # From the start page to an updated model, with what the pages propose

    def from_start_page_to_updated_model(self):
        start = time.monotonic()
        page = self.page
        page.open("/")
        self.assertEqual(page.violations(), [])
        page.press_button("Add 20 practice cases")
        page.says("20 cases are here.")
        page.settled()
        page.press_button("Let the model answer a case")
        page.until("tokens on their way", lambda: len(page.text(".stream")) > 20, 60)
        page.says("Rank these answers", 180)
        page.says("Acceptance rate")
        page.key("r")
        page.until("the sheet", lambda: page.path.startswith("/rank/") and page.all(".answer"))
        self.rank_by_keyboard()
        self.see_the_mathematics()
        page.press_button("Update the model")
        page.until("the updates", lambda: page.path == "/updates")
        self.watch_an_update()
        seconds = time.monotonic() - start
        print(f"from the start page to an updated model: {seconds:.0f} s", flush=True)
        self.assertLess(seconds, 300)

    def rank_by_keyboard(self):
        page = self.page
        page.settled()
        page.key("1", "j", "2")
        page.says("Still to place: C", within="#submit-hint")
        page.says("Draft saved", within="#draft-state")
        page.reload()
        page.says("Your draft is back.", within="#draft-state")
        page.says("Still to place: C", within="#submit-hint")
        self.shoot("rank-wide-light", WIDE, "light")
        self.shoot("rank-narrow-dark", NARROW, "dark")
        page.key("j", "j", "3")
        page.says("Your order: A > B > C", within="#submit-hint")
        page.fill("#reason", "A names the finding that decides.")
        page.leave_field()
        page.key("s")
        page.says("Your ranking is saved")

    def see_the_mathematics(self):
        page = self.page
        page.one("#mathematics table", 60)
        rows = [len(table.find_elements("css selector", "tbody tr"))
                for table in page.all("#mathematics table")]
        self.assertEqual(rows, [3, 3])
        # Policy and reference are the base still, so the loss is that of a coin: ln 2.
        page.says("Mean DPO loss: 0.6931")
        page.says("Gradient norm")
        self.assertEqual(page.violations(), [])
        self.shoot("mathematics-wide-dark", WIDE, "dark", "#mathematics h3")

    def watch_an_update(self):
        page = self.page
        page.settled()
        page.says("1 new judgement")
        page.press_button("Start the update")
        page.says("Training", 60, within="#job")
        page.until("curves", lambda: len(page.all("#job .chart svg")) >= 2, 180)
        page.until("the end of the update",
                   lambda: "is now in use" in page.text("#job") or "is held back" in page.text("#job"),
                   240)
        page.settled()
        self.shoot("update-wide-light", WIDE, "light", "#job")

    # Cases and answers

    def import_cases(self):
        page = self.page
        rows = material.lines(material.case_rows())
        broken = self.folder / "broken.jsonl"
        broken.write_text(rows + '{"question": "Without an answer"}\n')
        file = self.folder / "cases.jsonl"
        file.write_text(rows)
        page.open("/cases")
        page.says("20 cases")
        page.click("#add-file")
        page.one("#import-file").send_keys(str(broken))
        page.press_button("Check and import", "#import-dialog")
        page.says("Line 6", within="#import-error")
        page.one("#import-file").send_keys(str(file))
        page.press_button("Check and import", "#import-dialog")
        page.says("5 cases imported")
        page.says("25 cases")
        page.click("#add-bank")
        page.fill("#bank-count", "2")
        page.press_button("Add them", "#bank-dialog")
        page.says("27 cases")

    def sample_and_verify(self):
        page = self.page
        rows = material.case_rows()
        trained, kept_aside = rows[0]["id"], rows[-1]["id"]
        page.open(f"/cases/{trained}")
        page.click("#sampling-form summary")
        for name in ("wanted", "attempts", "temperature", "maxTokens", "maxOverlap"):
            page.fill(f"#sampling-form [name={name}]", str(SHORT[name]))
        page.click("#verify")
        page.click("#sampling-start")
        page.says("Rank these answers", 120)
        self.button_sheet = self.sampled(trained)
        other = self.api.post(f"/api/cases/{kept_aside}/samplings", SHORT)["sampling"]["id"]
        verified = self.api.post(f"/api/cases/{trained}/samplings",
                                 {**SHORT, "wanted": 2, "attempts": 3, "verify": True})
        number = verified["sampling"]["id"]
        self.finished(other)
        state = self.finished(number)["sampling"]["state"]
        self.assertIn(state, ("verified", "exhausted"))
        self.every_attempt_is_told(number)
        page.open(f"/cases/{trained}?sampling={number}")
        page.says("Complete" if state == "verified" else "Attempts used up")
        self.assertEqual(page.violations(), [])
        self.kept_aside_sheet = other

    def every_attempt_is_told(self, number):
        """Verified or not, each attempt is there with its text, and a reason if not kept."""
        sampled = self.api.get(f"/api/samplings/{number}")
        attempts = sampled["traces"] + sampled["rejected"]
        self.assertEqual(sorted(one["attempt"] for one in attempts),
                         list(range(1, sampled["sampling"]["attempts"] + 1)))
        self.assertTrue(all(one["reason"] for one in sampled["rejected"]))
        self.assertTrue(all(one["verdict"] == "correct" for one in sampled["traces"]))

    def rank_by_buttons(self):
        page = self.page
        page.open("/rank")
        page.press_button("Start")
        page.until("the sheet", lambda: page.path.startswith("/rank/") and page.all(".answer"))
        page.open(f"/rank/{self.button_sheet}")
        for number, place in [(1, 2), (2, 1), (3, 2)]:
            page.click(f"#answers .answer:nth-child({number}) .places label:nth-child({place})")
        page.says("Your order: B > A = C", within="#submit-hint")
        self.mark_an_error()
        page.click("#answers .answer:nth-child(1) details summary")
        page.click("#answers .answer:nth-child(1) .axis-scale label:nth-of-type(4)")
        self.assertEqual(page.violations(), [])
        page.press_button("Submit the ranking")
        page.says("Your ranking is saved")
        ranking = self.api.get(f"/api/samplings/{self.button_sheet}/sheet")["ranking"]
        self.assertEqual(sorted(ranking["ranks"].values()), [1, 2, 2])
        self.assertEqual(len(ranking["spans"]), 1)
        self.assertEqual(len(ranking["axes"]), 1)
        page.open(f"/rank/{self.kept_aside_sheet}")
        page.drag("#board .pool .token", "#board .tier[data-place='2']")
        page.says("Still to place: B, C", within="#submit-hint")
        page.key("j", "1", "j", "3")
        page.says("Your order: B > A > C", within="#submit-hint")
        page.key("s")
        page.says("Your ranking is saved")

    def mark_an_error(self):
        page = self.page
        page.script("document.querySelector('#answers .answer').focus()")
        page.key("m", Keys.ARROW_RIGHT, Keys.SHIFT + Keys.ARROW_RIGHT, Keys.ENTER)
        page.key(Keys.TAB, "not in the case", Keys.ENTER)
        page.until("a mark", lambda: page.all("#answers mark"))
        page.says("not in the case", within="#answers")

    def ask_and_correct(self):
        page = self.page
        page.open("/ask")
        self.ask("Name one finding that is typical of migraine.")
        page.key("e")
        said = page.script("return document.querySelector('#correction').value")
        page.fill("#correction", "One-sided throbbing headache with nausea.")
        page.one("#diff ins")
        self.assertTrue(page.all("#diff del") or not said)
        self.assertEqual(page.violations(), [])
        page.says("Draft saved", within="#ask-draft")
        page.reload()
        page.one("#editor", 60)
        page.press_button("Save the correction")
        page.says("Your correction is saved.")
        self.ask("Name one finding that is typical of gout.")
        page.leave_field()
        page.key("a")
        page.says("Accepted.")
        statistics = self.api.get("/api/feedback/statistics")
        self.assertEqual((statistics["accepted"], statistics["edited"]), (1, 1))

    def ask(self, question):
        page = self.page
        page.fill("#prompt", question)
        page.press_button("Ask", "#ask-form")
        page.one("#reply-actions", 120)

    # Updates and versions

    def stop_an_update(self):
        page = self.page
        page.open("/updates")
        page.click("#methods input[value=sft] + span")
        page.press_button("Start the update")
        page.until("the training", lambda: "step" in page.text("#job"), 60)
        page.press_button("Stop", "#job")
        page.press_button("Stop it", "dialog")
        page.says("Stopped", 60, within="#job")
        newest = self.api.get("/api/updates")["jobs"]
        self.assertEqual(sorted(job["state"] for job in newest), ["finished", "stopped"])

    def promote_and_roll_back(self):
        page = self.page
        trained = next(one for one in self.versions()["versions"] if one["name"] == "iter_1")
        page.open("/versions")
        if self.current() != "iter_1":
            self.use("iter_1")
        page.press_button("Roll back")
        page.press_button("Roll back", "dialog")
        self.becomes("base")
        self.use("iter_1")
        self.becomes("iter_1")
        self.assertEqual(trained["judgements"], 1)
        self.assertRegex(trained["datasetHash"], "^[0-9a-f]{64}$")
        self.shoot("versions-narrow-light", NARROW, "light")

    def use(self, name):
        """Promotes with the button; a version that is worse asks why."""
        page = self.page
        page.press_button("Use this version", f"[aria-label='Version {name}']")
        page.press_button("Use this version", "dialog")
        page.until("the end of the question", lambda: f"{name} is in use" in page.text("#toasts")
                   or "all the same?" in page.text("dialog"))
        if page.all("dialog[open]"):
            page.fill("#confirm-reason", "To see what it does.")
            page.press_button("Use it all the same", "dialog")
        self.becomes(name)

    def becomes(self, name):
        wait(f"{name} to be current", lambda: self.current() == name, 10)
        self.page.settled()

    def compare_versions(self):
        page = self.page
        page.open("/arena")
        page.press_button("Let both answer")
        page.says("Left answer", 180)
        self.assertEqual(page.violations(), [])
        page.leave_field()
        page.key(Keys.ARROW_LEFT)
        page.says("Saved. Left was")
        standing = self.api.get("/api/arena/standing")["pairs"]
        self.assertEqual(sum(one["wins"] + one["losses"] for one in standing), 1)

    # The team

    def agree_with_a_colleague(self):
        page = self.page
        page.open("/accounts")
        page.fill("#name", "Dr. Ben Castor")
        page.fill("#password", PASSWORD)
        page.press_button("Add", "#account-form")
        page.says("Account added")
        page.says("Dr. Ben Castor", within="#accounts")
        colleague = self.workbench.client()
        colleague.log_in("Dr. Ben Castor", PASSWORD)
        for sheet in (self.button_sheet, self.kept_aside_sheet):
            answers = colleague.get(f"/api/samplings/{sheet}/sheet")["answers"]
            ranks = {str(one["id"]): place for place, one in enumerate(answers, 1)}
            colleague.put(f"/api/samplings/{sheet}/ranking", {"revision": 0, "ranks": ranks})
        page.open("/agreement")
        page.says("Dr. Ben Castor")
        page.says("Krippendorff")
        report = self.api.get("/api/agreement")
        self.assertEqual(report["cohen"][0]["cases"], 2)

    # Out and in again

    def export_and_import_again(self):
        page = self.page
        page.open("/")
        page.press_button("Everything (JSON Lines)")
        file = self.downloads / "state.jsonl"
        wait("the download", file.exists, 20)
        state = file.read_text()
        self.assertEqual(state, self.api.text("/api/export/state.jsonl"))
        self.check_exports()
        with Workbench(self.folder / "fresh") as fresh:
            other = fresh.administrator()
            # Another name of the same machine, so that the cookies stay apart.
            address = fresh.url.replace("127.0.0.1", "localhost")
            page.open(f"{address}/login")
            page.fill("#name", NAME)
            page.fill("#password", PASSWORD)
            page.click("button[type=submit]")
            page.says("Your next three steps")
            page.settled()
            page.one("#state-file").send_keys(str(file))
            page.press_button("Import", "#state-form")
            page.says(f"{len(state.splitlines()) - 1} lines imported")
            self.assertEqual(other.text("/api/export/state.jsonl"), state)
        page.open("/")

    def check_exports(self):
        records = [json.loads(line)
                   for line in self.api.text("/api/export/feedback.jsonl").splitlines()]
        self.assertEqual([one["feedback_type"] for one in records], ["edit", "accept"])
        self.assertEqual(set(records[0]), {"timestamp", "iteration", "prompt", "feedback_type",
                                           "generated_response", "preferred_response"})
        pairs = [json.loads(line)
                 for line in self.api.text("/api/export/preferences.jsonl").splitlines()]
        self.assertGreaterEqual(len(pairs), 3)
        self.assertEqual([turn["role"] for turn in pairs[0]["chosen"]], ["assistant"])
        self.assertEqual(len(self.api.text("/api/export/feedback.csv").splitlines()[0].split(",")), 6)

    # How it looks

    def every_page_in_two_looks(self):
        case = material.case_rows()[0]["id"]
        places = PAGES + [f"/cases/{case}", f"/rank/{self.button_sheet}"]
        for size, scheme in LOOKS:
            self.page.look(size, scheme)
            for place in places:
                self.page.open(place)
                with self.subTest(place, size=size, scheme=scheme):
                    self.assertEqual(self.page.violations(), [])
                    self.assertFalse(self.page.is_too_wide(), "scrolls sideways")
        self.page.look(WIDE, "light")
        self.page.open("/")
        self.shoot("overview-wide-light", WIDE, "light")
        self.page.key("?")
        self.page.says("Keyboard shortcuts on this page")
        self.assertEqual(self.page.violations(), [])
        self.page.key(Keys.ESCAPE)

    def sign_out(self):
        self.log_out()
        self.page.open("/")
        self.page.until("the way in", lambda: self.page.path.startswith("/login"))

    def audit_log_is_whole(self):
        actions = {one["action"] for one in self.api.get("/api/audit?limit=500")["entries"]}
        self.assertLessEqual({"ranking.submit", "feedback.edit", "export"}, actions)
        self.workbench.stop()
        status, said = self.workbench.verify_audit()
        self.assertEqual(status, 0, said)

    # Helpers

    def log_out(self):
        self.page.click("#sign-out")
        self.page.until("the way in", lambda: self.page.path.startswith("/login"))

    def versions(self):
        return self.api.get("/api/versions")

    def current(self):
        versions = self.versions()
        return next(one["name"] for one in versions["versions"] if one["id"] == versions["current"])

    def sampled(self, case):
        return self.api.get(f"/api/cases/{case}")["samplings"][0]["id"]

    def finished(self, number):
        """The sampling, once it is over."""
        def over():
            sampled = self.api.get(f"/api/samplings/{number}")
            return sampled if sampled["sampling"]["state"] not in ("queued", "running") else None
        return wait(f"sampling {number}", over, 180)

    def shoot(self, name, size, scheme, at=None):
        if not os.environ.get("WORKBENCH_SCREENSHOTS"):
            return
        file = PICTURES / f"workbench-{name}.png"
        self.page.look(size, scheme)
        if at:
            self.page.script("document.querySelector(arguments[0]).scrollIntoView()", at)
        time.sleep(0.3)
        self.page.shoot(file)
        self.page.look(WIDE, "light")
        self.assertEqual(size_of(file), size)
        self.assertLess(file.stat().st_size, LARGEST_PICTURE, file.name)


if __name__ == "__main__":
    unittest.main()
