"""Cases with images: brought in with their rows, enlarged, moved, and windowed by the server."""

import subprocess
import unittest
from pathlib import Path

import material
from browser import NARROW, WIDE, Browser, Keys
from server import LAUNCHER, NAME, PASSWORD, ROOT, Workbench, temporary

FIXTURES = ROOT / "Tests" / "Fixtures"
PICTURE = FIXTURES / "images" / "colour.png"
# Frames and a stored window of their own.
SCAN = FIXTURES / "dicom" / "enhanced.dcm"
PATIENT = b"DOE^JANE"
# Behind Pixel Representation is where Burned In Annotation stands.
REPRESENTATION = b"\x28\x00\x03\x01US\x02\x00\x00\x00"
BURNED_IN = b"\x28\x00\x01\x03CS\x04\x00YES "
NO_IMAGE = FIXTURES / "images" / "expected.json"


class Images(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.workbench = Workbench(self.folder / "data", "--no-auto-retrain")
        self.addCleanup(self.workbench.stop)
        self.api = self.workbench.start().administrator()
        self.page = Browser(self.workbench.url, self.folder)
        self.addCleanup(self.page.close)
        self.page.open("/login")
        self.page.sign_in(NAME, PASSWORD)

    def test_cases_with_images(self):
        self.bring_in()
        self.look_at_the_picture()
        self.window_the_scan()
        self.type_a_case()
        self.same_code()
        self.held_back()
        self.assertEqual(self.page.faults(), [])
        self.workbench.stop()
        self.assertEqual(len(self.kept()), 3)

    def bring_in(self):
        page = self.page
        rows = self.folder / "rows.jsonl"
        rows.write_text(material.lines([
            {"id": "picture", "question": "What is shown?", "answer": "A pattern",
             "image": f"folder/{PICTURE.name}"},
            {"id": "scan", "question": "What is shown?", "answer": "A ramp", "image": SCAN.name}]))
        page.open("/cases")
        page.click("#add-file")
        page.one("#import-file").send_keys(str(rows))
        self.choose(NO_IMAGE)
        page.press_button("Check and import", "#import-dialog")
        page.says("is neither PNG, JPEG, WebP nor DICOM", within="#import-error")
        self.choose(PICTURE)
        page.press_button("Check and import", "#import-dialog")
        page.says("Line 2", within="#import-error")
        self.choose(PICTURE, SCAN)
        page.press_button("Check and import", "#import-dialog")
        page.says(f"{SCAN.name}: The image is held back (a secondary capture", within="#import-error")
        page.script("document.querySelector('#import-identity').value = 'looked'")
        page.press_button("Check and import", "#import-dialog")
        page.says("2 cases imported")
        page.says("2 cases")

    def choose(self, *files):
        self.page.script("document.querySelector('#import-images').value = ''")
        self.page.one("#import-images").send_keys("\n".join(str(file) for file in files))

    def look_at_the_picture(self):
        page = self.page
        for size, scheme in [(NARROW, "dark"), (WIDE, "light")]:
            page.look(size, scheme)
            page.open("/cases/picture")
            self.shown()
            self.assertEqual(page.violations(), [])
            self.assertFalse(page.is_too_wide())
        page.script("document.querySelector('.image-stage').focus()")
        before = self.transform()
        page.key("+", "+")
        page.one(".image-stage[data-zoomed]")
        enlarged = self.transform()
        page.key(Keys.ARROW_RIGHT)
        self.assertEqual(len({before, enlarged, self.transform()}), 3)
        page.key("0")
        self.assertEqual(self.transform(), before)

    def window_the_scan(self):
        page = self.page
        page.open("/cases/scan")
        self.shown()
        page.until("three sliders", lambda: len(page.all(".image-slider")) == 3)
        self.assertEqual(page.violations(), [])
        stored = self.pixels()
        page.script("const level = document.querySelectorAll('.image-slider input')[1];"
                    "level.value = level.min; level.dispatchEvent(new Event('input'))")
        page.until("other pixels", lambda: "center=" in self.source() and self.pixels() != stored)
        page.press_button("As stored", ".image")
        page.until("the stored pixels", lambda: self.pixels() == stored)
        page.script("const frame = document.querySelector('.image-slider input');"
                    "frame.value = 2; frame.dispatchEvent(new Event('input'))")
        page.until("another frame", lambda: "frame=1" in self.source() and self.pixels() != stored)

    def type_a_case(self):
        page = self.page
        page.open("/cases")
        page.click("#add-typed")
        page.fill("#typed-question", "And here?")
        page.one("#typed-images").send_keys(str(PICTURE))
        page.fill("#typed-answer", "The same")
        page.press_button("Save the case", "#typed-dialog")
        page.says("Case added")
        page.says("3 cases")

    def kept(self):
        return sorted((self.folder / "data" / "images").iterdir())

    def same_code(self):
        """What is kept is `images deidentify`'s copy, what is shown what `images render` writes."""
        key = self.folder / "data" / "deidentification.key"
        run = [LAUNCHER, "images"]
        subprocess.run([*run, "deidentify", SCAN, PICTURE, "--output", self.folder / "copies",
                        "--key", key, "--reviewed"], check=True, capture_output=True)
        copies = {(self.folder / "copies" / file.name).read_bytes() for file in (SCAN, PICTURE)}
        self.assertEqual({file.read_bytes() for file in self.kept()}, copies)
        self.assertIn(PATIENT, SCAN.read_bytes())
        self.assertFalse(any(PATIENT in copy for copy in copies))
        subprocess.run([*run, "render", *self.kept(), "--output", self.folder / "shown"],
                       check=True, capture_output=True)
        for file in self.kept():
            shown = self.api.bytes(f"/api/images/{file.stem}")
            self.assertEqual(shown, (self.folder / "shown" / f"{file.stem}.png").read_bytes())

    def held_back(self):
        """A picture that may hold text comes in once somebody has looked at it."""
        page = self.page
        page.open("/cases")
        page.click("#add-typed")
        page.fill("#typed-question", "And there?")
        page.fill("#typed-answer", "Something")
        page.one("#typed-images").send_keys(str(self.burned()))
        page.press_button("Save the case", "#typed-dialog")
        page.says("held back", within="#typed-error")
        self.assertEqual(page.violations(), [])
        page.script("document.querySelector('#typed-identity').value = 'looked'")
        page.press_button("Save the case", "#typed-dialog")
        page.says("Case added")
        page.says("4 cases")

    def burned(self):
        """The scan, which says of itself that a name is burned in."""
        file = self.folder / "burned.dcm"
        file.write_bytes(SCAN.read_bytes().replace(REPRESENTATION, REPRESENTATION + BURNED_IN))
        return file

    def shown(self):
        self.page.until("the image", lambda: self.page.script(
            "const image = document.querySelector('.image img');"
            "return image && image.complete && image.naturalWidth > 0"))

    def transform(self):
        return self.page.script("return document.querySelector('.image-layers').style.transform")

    def source(self):
        return self.page.script("return document.querySelector('.image img').src")

    def pixels(self):
        """The picture as the browser has it."""
        return self.page.script(
            "const image = document.querySelector('.image img');"
            "const canvas = document.createElement('canvas');"
            "[canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];"
            "canvas.getContext('2d').drawImage(image, 0, 0);"
            "return canvas.toDataURL()")


if __name__ == "__main__":
    unittest.main()
