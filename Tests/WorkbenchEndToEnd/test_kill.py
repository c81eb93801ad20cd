"""The server is killed while many write: nothing that was acknowledged is lost or doubled."""

import http.client
import itertools
import random
import sqlite3
import threading
import time
import unittest
from pathlib import Path

import material
from api import Refused
from server import PASSWORD, Workbench, temporary

KILLS = 20
RATERS = 8
SHEETS = 40


class Rater:
    """Somebody who ranks without rest, each time with a reason nobody else gives."""

    def __init__(self, client, number):
        self.client, self.number = client, number
        self.revisions = dict.fromkeys(range(1, SHEETS + 1), 0)
        self.seen = set()
        self.sent, self.acknowledged = [], []
        self.counter = itertools.count()

    def work(self, url, end):
        self.client.connection.close()
        client = self.client = self.client.at(url)
        try:
            while not end.is_set():
                self.rank(client, random.randint(1, SHEETS))
        except (OSError, http.client.HTTPException):
            client.connection.close()  # The server is gone.

    def rank(self, client, sheet):
        if sheet not in self.seen:
            client.get(f"/api/samplings/{sheet}/sheet")
            self.seen.add(sheet)
        ranks = {str(2 * sheet - 1): 1, str(2 * sheet): random.randint(1, 2)}
        reason = f"rater {self.number}, judgement {next(self.counter)}"
        self.sent.append(reason)
        try:
            reply = client.put(f"/api/samplings/{sheet}/ranking", {
                "revision": self.revisions[sheet], "ranks": ranks, "reason": reason})
        except Refused as refusal:
            # One whose acknowledgement was lost had been stored after all.
            if refusal.code != "stale":
                raise
            self.revisions[sheet] = refusal.value["current"]["revision"]
            self.sent.pop()
            return
        self.acknowledged.append(reason)
        self.revisions[sheet] = reply["revision"]


class Kill(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.workbench = Workbench(Path(folder.name) / "data", "--no-auto-retrain")
        self.addCleanup(self.workbench.stop)

    def test_killed_twenty_times(self):
        raters = self.prepare()
        cut_off = 0
        for _ in range(KILLS):
            before = sum(len(rater.sent) - len(rater.acknowledged) for rater in raters)
            self.write_and_kill(raters)
            self.check_file()
            self.workbench.start()
            after = sum(len(rater.sent) - len(rater.acknowledged) for rater in raters)
            cut_off += after - before
        self.check_judgements(raters)
        self.workbench.stop()
        self.check_file()
        status, said = self.workbench.verify_audit()
        self.assertEqual(status, 0, said)
        acknowledged = sum(len(rater.acknowledged) for rater in raters)
        print(f"{KILLS} x kill -9: {acknowledged} judgements acknowledged, all there once; "
              f"{cut_off} were cut off; {said.strip()}", flush=True)
        self.assertGreater(acknowledged, 10 * KILLS)
        self.assertGreater(cut_off, 0, "no kill met a write: the test shows nothing")

    def prepare(self):
        self.workbench.start()
        administrator = self.workbench.administrator()
        state = administrator.text("/api/export/state.jsonl")
        administrator.send("/api/import/state", material.answered(state, SHEETS),
                           "application/x-ndjson")
        raters = []
        for number in range(RATERS):
            name = f"Rater {number}"
            administrator.post("/api/accounts", {
                "name": name, "password": PASSWORD, "role": "expert"})
            client = self.workbench.client()
            client.log_in(name, PASSWORD)
            raters.append(Rater(client, number))
        return raters

    def write_and_kill(self, raters):
        end = threading.Event()
        threads = [threading.Thread(target=rater.work, args=(self.workbench.url, end))
                   for rater in raters]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.2, 1.2))
        self.workbench.kill()
        end.set()
        for thread in threads:
            thread.join(30)
            self.assertFalse(thread.is_alive())

    def check_file(self):
        """As the crash left it: SQLite itself finds nothing wrong."""
        with self.database() as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])

    def check_judgements(self, raters):
        with self.database() as database:
            stored = [reason for (reason,) in
                      database.execute("SELECT reason FROM rankingRevision")]
        self.assertEqual(len(stored), len(set(stored)), "a judgement is there twice")
        sent = {reason for rater in raters for reason in rater.sent}
        acknowledged = {reason for rater in raters for reason in rater.acknowledged}
        self.assertEqual(acknowledged - set(stored), set(), "an acknowledged one is lost")
        self.assertEqual(set(stored) - sent, set())

    def database(self):
        return sqlite3.connect(self.workbench.data / "workbench.sqlite")


if __name__ == "__main__":
    unittest.main()
