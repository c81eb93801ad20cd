"""The program under test: started on a data folder, stopped, killed."""

import queue
import re
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from api import Client

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "preceptor"
NAME, PASSWORD = "Dr. Ada Brandt", "a long sentence of a test"


class Workbench:
    """`preceptor workbench` on a free port."""

    def __init__(self, data, *options):
        self.data = Path(data)
        self.options = options
        self.process = None
        self.url = None
        self.clients = []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self, seconds=60):
        """Returns when it takes connections."""
        self.data.mkdir(parents=True, exist_ok=True)
        command = [LAUNCHER, "workbench", "--data", self.data, "--port", "0", *self.options]
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()
        self.url = self._printed(r"the workbench is at (\S+)", seconds)
        return self

    @property
    def log(self):
        return self.data / "server.log"

    def setup_link(self):
        """What the first start prints."""
        return self._printed(r"account.*: (\S+/setup\?token=\S+)", 20)

    def client(self):
        """Somebody who is not logged in yet."""
        self.clients.append(Client(self.url))
        return self.clients[-1]

    def administrator(self):
        """A client logged in as the administrator, who is made at the first start."""
        client = self.client()
        client.set_up(self.setup_link(), NAME, PASSWORD)
        return client

    def kill(self):
        """As when the machine loses its current."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self, seconds=90):
        for client in self.clients:
            client.connection.close()
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the workbench did not end within {seconds} s of SIGTERM")

    def verify_audit(self):
        """`preceptor audit verify`: its status and what it printed."""
        done = subprocess.run(
            [str(LAUNCHER), "audit", "verify", "--data", str(self.data)], capture_output=True,
            text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def _read(self, stream):
        with stream:
            for line in stream:
                self.lines.put(line)
        self.lines.put(None)

    def _printed(self, pattern, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                line = self.lines.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                raise AssertionError(f"the workbench ended: {self.log.read_text()[-2000:]}")
            if found := re.search(pattern, line):
                return found.group(1)
        raise AssertionError(f"the workbench did not print {pattern!r} within {seconds} s")


def temporary():
    """A folder that goes with its object."""
    return tempfile.TemporaryDirectory(prefix="preceptor-workbench-")


def wait(what, check, seconds, every=0.2):
    """Calls `check` until it returns something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        if result := check():
            return result
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(every)
