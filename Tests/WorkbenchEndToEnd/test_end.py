"""SIGTERM and Ctrl-C end the workbench soon, whoever is connected."""

import http.client
import signal
import socket
import time
import unittest
from pathlib import Path

from server import Workbench, temporary

# It waits 5 s for requests in progress, and 5 s for an engine that still loads its model. Streams
# that held it up would do so for ever.
SOON = 30


class End(unittest.TestCase):
    def setUp(self):
        folder = temporary()
        self.addCleanup(folder.cleanup)
        self.workbench = Workbench(Path(folder.name) / "data", "--no-auto-retrain")
        self.addCleanup(self.workbench.stop)
        self.workbench.start()
        self.client = self.workbench.administrator()

    def test_sigterm_with_open_streams(self):
        self.ends(signal.SIGTERM)

    def test_ctrl_c_with_open_streams(self):
        self.ends(signal.SIGINT)

    def test_half_a_request_does_not_hold_it_up(self):
        self.addCleanup(self.half_a_request().close)
        self.ends(signal.SIGTERM)

    def ends(self, number):
        streams = [self.stream() for _ in range(3)]
        self.client.get("/api/session")  # Its connection stays open and rests.
        start = time.monotonic()
        self.workbench.process.send_signal(number)
        for stream in streams:
            # To its proper end: a stream that is cut off raises IncompleteRead.
            self.assertNotIn(b"event:", stream.read())
        closed = time.monotonic() - start
        self.assertEqual(self.workbench.process.wait(SOON), 0, self.workbench.log.read_text())
        print(f"{signal.Signals(number).name}: streams closed after {closed:.1f} s, "
              f"ended after {time.monotonic() - start:.1f} s", flush=True)

    def stream(self):
        """An event stream whose first line has come."""
        place = self.client.place
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=SOON)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/updates/events", headers=self.client.headers("GET"))
        reply = connection.getresponse()
        self.assertEqual(reply.status, 200)
        self.assertTrue(reply.readline().startswith(b":"))
        return reply

    def half_a_request(self):
        """A connection whose request has no body yet."""
        place = self.client.place
        connection = socket.create_connection((place.hostname, place.port))
        connection.sendall(
            f"POST /api/login HTTP/1.1\r\nHost: {place.netloc}\r\n"
            "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n".encode())
        return connection


if __name__ == "__main__":
    unittest.main()
