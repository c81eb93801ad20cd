"""Pages that need a workbench of their own: updates that start by themselves, one's password."""

import unittest
from pathlib import Path

import material
from browser import NARROW, WIDE, Browser
from server import NAME, PASSWORD, Workbench, temporary

THRESHOLD = 4
CHOSEN = "another sentence of a test"


class Pages(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *options):
        """A workbench, its administrator's client, and a browser that is signed in."""
        workbench = Workbench(self.folder / "data", *options)
        self.addCleanup(workbench.stop)
        api = workbench.start().administrator()
        page = Browser(workbench.url, self.folder)
        self.addCleanup(page.close)
        page.open("/login")
        page.sign_in(NAME, PASSWORD)
        return workbench, api, page

    def test_an_update_that_starts_by_itself_appears(self):
        _, api, page = self.start("--retrain-threshold", str(THRESHOLD))
        state = api.text("/api/export/state.jsonl")
        api.send("/api/import/state", material.answered(state, THRESHOLD), "application/x-ndjson")
        page.open("/updates")
        page.says("None yet", within="#jobs")
        page.script("window.isTheSame = true")
        for sheet in range(1, THRESHOLD + 1):
            api.get(f"/api/samplings/{sheet}/sheet")
            api.put(f"/api/samplings/{sheet}/ranking", {
                "revision": 0, "ranks": {str(2 * sheet - 1): 1, str(2 * sheet): 2}})
        page.says("Update 1", 60, within="#job")
        page.says("by itself", within="#jobs")
        api.post("/api/updates/1/stop")
        page.says("Stopped", 60, within="#job")
        self.assertTrue(page.script("return window.isTheSame === true"), "it was reloaded")
        # And so does one that somebody else starts afterwards.
        api.post("/api/updates", {"method": "dpo"})
        page.says("Update 2", 60, within="#job")
        api.post("/api/updates/2/stop")
        page.says("Stopped", 60, within="#job")
        self.assertTrue(page.script("return window.isTheSame === true"), "it was reloaded")
        self.assertEqual(page.faults(), [])

    def test_the_own_password(self):
        workbench, api, page = self.start("--no-auto-retrain")
        for size, scheme in [(NARROW, "dark"), (WIDE, "light")]:
            page.look(size, scheme)
            page.open("/account")
            self.assertEqual(page.violations(), [])
            self.assertFalse(page.is_too_wide())
        page.click("#who")
        page.settled()
        self.assertEqual(page.path, "/account")
        self.change(page, PASSWORD, CHOSEN, CHOSEN + ".")
        page.says("The two new passwords differ.")
        self.change(page, "not the password", CHOSEN, CHOSEN)
        page.says("The present password is another one.")
        self.change(page, PASSWORD, CHOSEN, CHOSEN)
        page.says("Your password is changed; you were signed out in 1 other place")
        page.open("/cases")
        page.says("No cases yet")
        with self.assertRaisesRegex(Exception, "401"):
            api.get("/api/session")
        page.click("#sign-out")
        page.until("the way in", lambda: page.path.startswith("/login"))
        page.sign_in(NAME, CHOSEN)
        actions = {one["action"] for one in self.entries(workbench)}
        self.assertLessEqual({"account.password", "account.refuse"}, actions)
        self.assertEqual(page.faults(), [])

    def change(self, page, present, new, again):
        for field, text in [("#present", present), ("#new", new), ("#again", again)]:
            page.fill(field, text)
        page.click("#password-form button[type=submit]")

    def entries(self, workbench):
        client = workbench.client()
        client.log_in(NAME, CHOSEN)
        return client.get("/api/audit?limit=500")["entries"]


if __name__ == "__main__":
    unittest.main()
