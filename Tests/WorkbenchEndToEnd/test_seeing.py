"""The way of a case with an image: typed, answered, looked into, ranked, corrected, learnt from.

The model has a tower with weights by chance: what it says of an image means nothing, but that it
depends on the image, and that the image goes wherever the case goes, can be seen.
"""

import hashlib
import json
import os
import re
import unittest
from pathlib import Path

import material
import seeing
from browser import NARROW, WIDE, Browser
from server import NAME, PASSWORD, Workbench, temporary, wait

PLAN = {"wanted": 2, "attempts": 12, "maxTokens": 16, "maxOverlap": 1, "verify": False}
ANSWER = "A disc"
QUESTION = "What does the picture show?"


class Seeing(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.pictures = []
        for number in range(2):
            self.pictures.append(self.folder / f"Jane Doe {number}.png")
            self.pictures[-1].write_bytes(seeing.picture(number))

    def start(self, *options):
        self.workbench = Workbench(self.folder / "data", "--no-auto-retrain", *options)
        self.addCleanup(self.workbench.stop)
        self.api = self.workbench.start().administrator()
        self.page = Browser(self.workbench.url, self.folder)
        self.addCleanup(self.page.close)
        self.page.open("/login")
        self.page.sign_in(NAME, PASSWORD)

    def test_an_image_case_end_to_end(self):
        self.start("--model", seeing.composed(self.folder))
        case = self.type_a_case()
        sheet = self.let_it_answer(case)
        self.look_and_rank(sheet)
        self.ask_and_correct()
        self.keep_one_aside()
        version = self.update()
        self.check_records()
        self.answers_again(case, version)
        self.assertEqual(self.page.faults(), [])
        log = self.workbench.log.read_text()
        self.assertFalse(any(word in log for word in ("Doe", "disc", self.hash(0))), log)

    def test_a_model_of_text_says_that_it_sees_nothing(self):
        self.start()
        page = self.page
        page.open(f"/cases/{self.type_a_case()}")
        page.click("#sampling-start")
        page.says("the model reads no images", 120, within="#live")
        self.assertEqual(page.violations(), [])
        page.open("/ask")
        page.fill("#prompt", QUESTION)
        page.one("#ask-images").send_keys(str(self.pictures[0]))
        page.press_button("Ask", "#ask-form")
        page.says("the model reads no images", 60, within="#ask-error")

    def type_a_case(self):
        """By the dialog of the page; the wording is such that it is not kept aside."""
        page = self.page
        page.open("/cases")
        page.click("#add-typed")
        page.fill("#typed-question", self.question(held_out=False))
        page.one("#typed-images").send_keys(str(self.pictures[0]))
        page.fill("#typed-answer", ANSWER)
        page.press_button("Save the case", "#typed-dialog")
        page.says("Case added")
        return self.case_id(self.question(held_out=False))

    def question(self, held_out):
        return next(text for number in range(100) if material.is_held_out(
            self.case_id(text := f"{QUESTION} ({number})")) == held_out)

    def case_id(self, question):
        """As the workbench makes it of question and images."""
        return "case-" + hashlib.sha256(f"{question}\0{self.hash(0)}".encode()).hexdigest()[:16]

    def hash(self, number):
        return hashlib.sha256(self.pictures[number].read_bytes()).hexdigest()

    def let_it_answer(self, case):
        page = self.page
        page.open(f"/cases/{case}")
        page.script("document.querySelector('#verify').checked = false;"
                    "for (const [id, value] of arguments[0])"
                    "  document.querySelector(`#${id}`).value = value;",
                    [[name, PLAN[name]] for name in ("attempts", "maxTokens", "maxOverlap")])
        page.fill("#wanted", "3")
        page.click("#sampling-start")
        page.says("Rank these answers", 180)
        sampled = self.api.get(f"/api/cases/{case}")["samplings"][0]
        self.assertEqual([one["hash"] for one in sampled["images"]], [self.hash(0)])
        # Here too it can be seen where it looked.
        page.press_button("Where it looked", "#live")
        self.overlaid("#case")
        return sampled["id"]

    def look_and_rank(self, sheet):
        page = self.page
        page.open(f"/rank/{sheet}")
        page.one(".looking")
        self.assertEqual(self.overlay("hidden"), True)
        page.key("w")
        self.overlaid()
        of_a = self.overlay("src")
        self.assertEqual(self.covered(), 100)
        for share in (0, 60):
            self.slide(share)
            self.assertEqual(self.covered(), share)
        for size, scheme in [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]:
            page.look(size, scheme)
            self.assertEqual(page.violations(), [])
            self.assertFalse(page.is_too_wide())
            self.shoot(f"overlay-{'wide' if size == WIDE else 'narrow'}-{scheme}")
        page.look(WIDE, "light")
        saliency = self.pixels()
        page.script("const map = document.querySelectorAll('.looking select')[1];"
                    "map.value = 'attention'; map.dispatchEvent(new Event('change'))")
        page.until("another map", lambda: "attention" in self.overlay("src"))
        self.overlaid()
        self.assertNotEqual(self.pixels(), saliency)
        page.key("j", "w")
        page.until("another answer", lambda: self.overlay("src").split("?")[0] != of_a.split("?")[0])
        self.overlaid()
        page.key("w")
        page.until("no overlay", lambda: self.overlay("hidden"))
        page.script("document.querySelector('#answers .answer').focus()")
        page.key("1", "j", "2", "j", "3")
        page.says("Your order: A > B > C", within="#submit-hint")
        page.key("s")
        page.says("Your ranking is saved")
        page.one("#mathematics table", 60)
        page.says("Mean DPO loss: 0.6931")

    def ask_and_correct(self):
        page = self.page
        page.open("/ask")
        page.fill("#prompt", "What is bright here?")
        page.one("#ask-images").send_keys(str(self.pictures[1]))
        page.press_button("Ask", "#ask-form")
        page.one("#reply-actions", 180)
        page.script("const answer = document.querySelector('.looking select');"
                    "answer.selectedIndex = 1; answer.dispatchEvent(new Event('change'))")
        self.overlaid("#reply-images")
        self.assertEqual(page.violations(), [])
        page.press_button("Correct it")
        page.fill("#correction", "A disc is bright.")
        self.shoot("ask-image-wide-light")
        page.press_button("Save the correction")
        page.says("Your correction is saved.")

    def keep_one_aside(self):
        """A case that only tests, answered and ranked like the others."""
        row = {"id": material.case_id("aside", True), "question": QUESTION, "answer": ANSWER,
               "image": "a.png"}
        self.api.post("/api/cases/import-with-images", {
            "format": "jsonl", "rows": json.dumps(row), "hashes": {"a.png": self.hash(0)}})
        sheet = self.sampled(row["id"])["sampling"]["id"]
        answers = self.api.get(f"/api/samplings/{sheet}/sheet")["answers"]
        self.api.put(f"/api/samplings/{sheet}/ranking", {
            "revision": 0, "ranks": {str(one["id"]): place
                                     for place, one in enumerate(answers, 1)}})

    def update(self):
        page = self.page
        page.open("/updates")
        page.press_button("Start the update")
        page.until("the end of the update",
                   lambda: "is now in use" in page.text("#job") or "is held back" in page.text("#job"),
                   600)
        version = max(self.api.get("/api/versions")["versions"], key=lambda one: one["id"])
        for name in ("preferenceAccuracy", "caseAccuracy"):
            metrics = version["metrics"][name]
            self.assertEqual((metrics["n"], metrics["leftOut"]), (1, 0), name)
        return version["id"]

    def check_records(self):
        job = self.folder / "data" / "jobs" / "1"
        lines = [json.loads(line) for line in (job / "train.jsonl").read_text().splitlines()]
        self.assertEqual(len(lines), 3)
        path = f"images/{self.hash(0)}.png"
        self.assertTrue(all(line["images"] == [path] for line in lines), lines)
        self.assertTrue((self.folder / "data" / path).is_file())
        self.assertIn("image_root: ", (job / "recipe.yaml").read_text())
        corrected = [json.loads(line)
                     for line in self.api.text("/api/export/feedback.jsonl").splitlines()]
        self.assertEqual([one["images"] for one in corrected], [[f"images/{self.hash(1)}.png"]])

    def answers_again(self, case, version):
        """The new version sees the image, and says of it something else than the base."""
        sampled = self.sampled(case, versionID=version)
        self.assertEqual([one["hash"] for one in sampled["sampling"]["images"]], [self.hash(0)])
        self.assertEqual({one["versionID"] for one in sampled["traces"]}, {version})
        self.page.open(f"/rank/{sampled['sampling']['id']}")
        self.page.key("w")
        self.overlaid()

    def sampled(self, case, **settings):
        number = self.api.post(
            f"/api/cases/{case}/samplings", {**PLAN, **settings})["sampling"]["id"]

        def over():
            sampled = self.api.get(f"/api/samplings/{number}")
            return sampled if sampled["sampling"]["state"] not in ("queued", "running") else None
        sampled = wait(f"sampling {number}", over, 180)
        self.assertEqual(sampled["sampling"]["state"], "verified", sampled["sampling"])
        return sampled

    # The overlay

    def overlaid(self, within="#case"):
        """Waits for the overlay, which is not the image itself."""
        self.page.until("the overlay", lambda: self.page.script(
            "const one = document.querySelector(`${arguments[0]} .image-overlay`);"
            "return one && !one.hidden && one.complete && one.naturalWidth > 0", within), 60)
        self.page.settled()
        self.assertNotEqual(self.pixels(), self.pixels(".image-layers img:first-child"))

    def overlay(self, property):
        return self.page.script(
            "return document.querySelector('.image-overlay')[arguments[0]]", property)

    def covered(self):
        """How much of the image lies under the overlay, in percent from its left."""
        clip = self.page.script("return document.querySelector('.image-overlay').style.clipPath")
        return 100 - int(re.search(r"(\d+)%", clip)[1])

    def slide(self, share):
        self.page.script(
            "const slider = document.querySelector('.looking input[type=range]');"
            "slider.value = arguments[0]; slider.dispatchEvent(new Event('input'))", share)

    def pixels(self, selector=".image-overlay"):
        return self.page.script(
            "const image = document.querySelector(arguments[0]);"
            "const canvas = document.createElement('canvas');"
            "[canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];"
            "canvas.getContext('2d').drawImage(image, 0, 0);"
            "return canvas.toDataURL()", selector)

    def shoot(self, name):
        """For people, where they ask for it."""
        if folder := os.environ.get("WORKBENCH_SCREENSHOT_FOLDER"):
            self.page.shoot(Path(folder) / f"{name}.png")


if __name__ == "__main__":
    unittest.main()
