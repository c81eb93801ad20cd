"""A client of the workbench's JSON API on the standard library."""

import http.client
import json
from urllib.parse import parse_qs, urlsplit


class Refused(Exception):
    """A reply of 4xx or 5xx."""

    def __init__(self, method, path, status, value):
        self.status, self.value = status, value
        self.code = ((value or {}).get("error") or {}).get("code")
        super().__init__(f"{method} {path}: {status} {value}")


class Client:
    """One person's connection, with cookie and CSRF token."""

    def __init__(self, url):
        self.place = urlsplit(url)
        self.connection = self._connect(60)
        self.cookie = self.csrf = None

    def at(self, url):
        """The same session at another address: the server was started anew."""
        other = Client(url)
        other.cookie, other.csrf = self.cookie, self.csrf
        return other

    def set_up(self, link, name, password):
        token = parse_qs(urlsplit(link).query)["token"][0]
        self._opened("/api/setup", {"token": token, "name": name, "password": password})

    def log_in(self, name, password):
        self._opened("/api/login", {"name": name, "password": password})

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        return self.call("POST", path, {} if body is None else body)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def send(self, path, text, content_type):
        """Posts a file."""
        return self.call("POST", path, text.encode(), content_type)

    def text(self, path):
        """A file as text."""
        return self.bytes(path).decode()

    def bytes(self, path):
        """A file."""
        return self._exchange("GET", path, None, {})[1]

    def call(self, method, path, body=None, content_type="application/json"):
        headers = {}
        if body is not None:
            headers["Content-Type"] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, data = self._exchange(method, path, body, headers)
        value = json.loads(data) if data else None
        if status >= 400:
            raise Refused(method, path, status, value)
        return value

    def headers(self, method="POST"):
        """What identifies the session."""
        own = {"Cookie": self.cookie} if self.cookie else {}
        if method not in ("GET", "HEAD") and self.csrf:
            own["X-CSRF-Token"] = self.csrf
        return own

    def events(self, path, seconds=600):
        """The events of a stream as (name, data) until it closes."""
        connection = self._connect(seconds)
        connection.request("GET", path, headers=self.headers("GET"))
        reply = connection.getresponse()
        if reply.status != 200:
            raise Refused("GET", path, reply.status, None)
        name = None
        for line in reply:
            line = line.decode().rstrip("\r\n")
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                yield name, json.loads(line[5:])
        connection.close()

    def _connect(self, seconds):
        return http.client.HTTPConnection(
            self.place.hostname, self.place.port, timeout=seconds)

    def _opened(self, path, body):
        reply = self.post(path, body)
        self.csrf = reply["csrf"]
        return reply

    def _exchange(self, method, path, body, headers):
        # The server closes a connection that rests: the next request then opens a new one.
        try:
            self.connection.request(method, path, body, {**headers, **self.headers(method)})
            reply = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            self.connection.close()
            if method != "GET":
                raise
            self.connection.request(method, path, body, {**headers, **self.headers(method)})
            reply = self.connection.getresponse()
        if cookie := reply.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        return reply.status, reply.read()
