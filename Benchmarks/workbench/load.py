#!/usr/bin/env python3
"""Fifty raters submit rankings while a sampling streams and a training runs.

Prints how long a submit takes, from the request's first byte to the reply's last, and checks that
every acknowledged judgement is in the database exactly once.

    load.py [--raters 50] [--rounds 20]

Twice: all raters in the same instant, once a second; and each rater every two seconds, at times of
their own. The clients are one loop over bare sockets, so that it is the server that is measured.
"""

import argparse
import heapq
import http.client
import json
import random
import selectors
import socket
import sqlite3
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "WorkbenchEndToEnd"))

import material  # noqa: E402
from api import Refused  # noqa: E402
from server import PASSWORD, Workbench, temporary, wait  # noqa: E402

GOAL = 0.100
# Judged beforehand, so that there is something to train on while the raters work.
TRAINED_ON = 120


class Rater:
    """One person's open connection."""

    def __init__(self, url, client, number):
        place = urlsplit(url)
        self.host = place.netloc
        self.socket = socket.create_connection((place.hostname, place.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers = client.headers()
        self.number = number
        self.reply = b""
        self.started = self.reason = None

    def submit(self, sheet):
        self.reason = f"rater {self.number}, sheet {sheet}"
        body = json.dumps({"revision": 0, "reason": self.reason, "ranks": {
            str(2 * sheet - 1): 1, str(2 * sheet): 2}}).encode()
        headers = {**self.headers, "Host": self.host, "Content-Type": "application/json",
                   "Content-Length": len(body)}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.started = time.perf_counter()
        self.socket.sendall(
            f"PUT /api/samplings/{sheet}/ranking HTTP/1.1\r\n{head}\r\n".encode() + body)

    def receive(self):
        """The status, once the whole reply is there."""
        self.reply += self.socket.recv(65536)
        head, found, body = self.reply.partition(b"\r\n\r\n")
        if not found:
            return None
        fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
        if len(body) < int(fields[b"content-length"]):
            return None
        self.reply = b""
        return int(head.split()[1])


def run(raters, plan):
    """Submits by the plan, (second, rater, sheet); returns the seconds each took, and reasons."""
    plan = [(second, index, rater, sheet) for index, (second, rater, sheet) in enumerate(plan)]
    heapq.heapify(plan)
    selector = selectors.DefaultSelector()
    for rater in raters:
        selector.register(rater.socket, selectors.EVENT_READ, rater)
    took, acknowledged, waiting = [], [], 0
    begin = time.perf_counter()
    while plan or waiting:
        while plan and plan[0][0] <= time.perf_counter() - begin:
            _, index, rater, sheet = heapq.heappop(plan)
            if rater.started is not None:  # Still waits for the last reply.
                heapq.heappush(plan, (time.perf_counter() - begin + 0.05, index, rater, sheet))
                continue
            rater.submit(sheet)
            waiting += 1
        pause = plan[0][0] - (time.perf_counter() - begin) if plan else 60
        for key, _ in selector.select(max(0, pause)):
            rater = key.data
            if (status := rater.receive()) is None:
                continue
            took.append(time.perf_counter() - rater.started)
            rater.started = None
            waiting -= 1
            if status != 200:
                raise SystemExit(f"load: a submit was answered with {status}")
            acknowledged.append(rater.reason)
    selector.close()
    return took, acknowledged


def report(name, took):
    took = sorted(took)
    p50, p95 = (took[int(share * (len(took) - 1))] for share in (0.5, 0.95))
    verdict = "reached" if p95 < GOAL else "missed"
    print(f"{name}: {len(took)} submits, p50 {p50 * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms, "
          f"max {took[-1] * 1000:.1f} ms; the goal, p95 below {GOAL * 1000:.0f} ms, is {verdict}")
    return p95 < GOAL


def prepare(workbench, count, rounds):
    """Sheets, judgements to train on, and raters who have looked at the sheets."""
    administrator = workbench.administrator()
    sheets = 2 * rounds
    state = administrator.text("/api/export/state.jsonl")
    administrator.send("/api/import/state", material.answered(state, sheets + TRAINED_ON),
                       "application/x-ndjson")
    for sheet in range(sheets + 1, sheets + TRAINED_ON + 1):
        administrator.get(f"/api/samplings/{sheet}/sheet")
        administrator.put(f"/api/samplings/{sheet}/ranking", {
            "revision": 0, "ranks": {str(2 * sheet - 1): 1, str(2 * sheet): 2}})
    raters = []
    for number in range(count):
        name = f"Rater {number}"
        administrator.post("/api/accounts", {"name": name, "password": PASSWORD, "role": "expert"})
        client = workbench.client()
        client.log_in(name, PASSWORD)
        for sheet in range(1, sheets + 1):
            client.get(f"/api/samplings/{sheet}/sheet")
        raters.append(Rater(workbench.url, client, number))
    return administrator, raters


class Company:
    """What goes on meanwhile: a sampling that streams and a training."""

    def __init__(self, administrator):
        self.administrator = administrator
        self.tokens = 0
        case = administrator.get("/api/cases?limit=1")["cases"][0]["id"]
        plan = {"wanted": 20, "attempts": 200, "maxTokens": 300, "verify": False, "maxOverlap": 1}
        self.path = f"/api/cases/{case}/samplings"
        self.job = administrator.post("/api/updates", {"method": "dpo"})["job"]["id"]
        self.plan = plan
        threading.Thread(target=self._read, daemon=True).start()
        wait("tokens and a training", lambda: self.tokens > 0 and self.is_training(), 120)

    def is_training(self):
        return self.administrator.get(f"/api/updates/{self.job}")["job"]["state"] == "training"

    def _read(self):
        client = self.administrator.at(self.administrator.place.geturl())
        try:
            while True:
                number = client.post(self.path, self.plan)["sampling"]["id"]
                for name, _ in client.events(f"/api/samplings/{number}/events"):
                    self.tokens += name == "token"
        except (OSError, http.client.HTTPException, Refused):
            pass  # The workbench is being stopped.


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--raters", type=int, default=50)
    arguments.add_argument("--rounds", type=int, default=20)
    options = arguments.parse_args()
    with temporary() as folder:
        workbench = Workbench(Path(folder) / "data", "--no-auto-retrain")
        with workbench:
            good = measure(workbench, options)
        status, said = workbench.verify_audit()
        print(said.strip())
    raise SystemExit(0 if good and status == 0 else 1)


def measure(workbench, options):
    administrator, raters = prepare(workbench, options.raters, options.rounds)
    print(f"{options.raters} raters, {options.rounds} rankings each, twice")
    alone = run(raters, at_once(raters, options.rounds // 2, 1))
    report("nothing else going on, all at once", alone[0])
    company = Company(administrator)
    before = company.tokens
    together = run(raters, at_once(
        raters, options.rounds - options.rounds // 2, options.rounds // 2 + 1))
    apart = run(raters, in_their_own_time(raters, options.rounds, options.rounds + 1))
    busy = company.is_training()
    print(f"meanwhile: {company.tokens - before} tokens streamed, the training "
          + ("ran all the time" if busy else "ended early"))
    good = [report("all at once", together[0]), report("each in their own time", apart[0])]
    check(workbench, alone[1] + together[1] + apart[1])
    administrator.post(f"/api/updates/{company.job}/stop")
    return all(good) and busy


def at_once(raters, rounds, first):
    return [(turn, rater, first + turn) for turn in range(rounds) for rater in raters]


def in_their_own_time(raters, rounds, first):
    chance = random.Random(0)
    return [(2 * turn + chance.uniform(0, 2), rater, first + turn)
            for turn in range(rounds) for rater in raters]


def check(workbench, acknowledged):
    """Every acknowledged judgement is in the database exactly once."""
    database = sqlite3.connect(workbench.data / "workbench.sqlite")
    stored = [reason for (reason,) in database.execute(
        "SELECT reason FROM rankingRevision WHERE reason <> ''")]
    database.close()
    lost, doubled = set(acknowledged) - set(stored), len(stored) - len(set(stored))
    print(f"{len(acknowledged)} acknowledged, {len(lost)} lost, {doubled} doubled")
    if lost or doubled or set(stored) != set(acknowledged):
        raise SystemExit("load: the database does not hold what was acknowledged")


if __name__ == "__main__":
    main()
