from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from detente.documents.web import fetch, public_address
from detente.errors import InputError
from detente.settings import Settings

SETTINGS = Settings(timeout=5.0, max_bytes=1_000)


class Handler(BaseHTTPRequestHandler):
    """A canned site: each path shows one behaviour of a server."""

    def do_GET(self) -> None:
        if self.path.startswith("/page"):
            self._send(200, b"They met at " + self.headers["Host"].encode(), "text/plain")
        elif self.path == "/loop":
            self._send(302, b"", location="/loop")
        elif self.path == "/moved":
            self._send(301, b"", location="/page?a=b")
        elif self.path == "/inside":
            self._send(302, b"", location="http://inside.example/secret")
        elif self.path == "/elsewhere":
            self._send(302, b"", location="file:///etc/passwd")
        elif self.path == "/large":
            self._send(200, b"x" * 2_000)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b"x")
                time.sleep(0.1)
        else:
            self._send(404, b"")

    def _send(
        self, status: int, body: bytes, kind: str = "text/html", location: str | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Keep the tests quiet."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def resolve(host: str, port: int) -> str:
    if host == "inside.example":
        raise InputError("host 'inside.example' is at the private address 10.0.0.1; not fetched")
    return "127.0.0.1"


def test_fetch_speaks_to_the_checked_address_under_the_name(port: int) -> None:
    page = fetch(f"http://news.example:{port}/page", SETTINGS, resolve=resolve)
    assert page.content == f"They met at news.example:{port}".encode()
    assert page.media_type == "text/plain"


def test_fetch_follows_redirects(port: int) -> None:
    page = fetch(f"http://news.example:{port}/moved", SETTINGS, resolve=resolve)
    assert page.url == f"http://news.example:{port}/page?a=b"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/loop", "redirects"),
        ("/inside", "private address"),
        ("/elsewhere", "no http or https"),
        ("/large", "larger than 1000"),
        ("/none", "404"),
    ],
)
def test_fetch_refuses(port: int, path: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        fetch(f"http://news.example:{port}{path}", SETTINGS, resolve=resolve)


def test_fetch_cuts_a_server_that_trickles(port: int) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"no answer within 0\.3 s"):
        fetch(f"http://news.example:{port}/slow", Settings(timeout=0.3), resolve=resolve)
    assert time.perf_counter() - start < 3


def test_fetch_names_what_cannot_be_reached() -> None:
    with pytest.raises(InputError, match="not reachable"):
        fetch("http://news.example:1/", SETTINGS, resolve=resolve)


def test_fetch_checks_the_certificate(port: int) -> None:
    with pytest.raises(InputError, match="not reachable"):
        fetch(f"https://news.example:{port}/page", SETTINGS, resolve=resolve)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.org/a",
        "http://",
        "http://x.org:0/",
        "http://x.org:99999/",
        "http://[::1/",
        "http://x.org/a b",
        "http://x.org/\x07",
        "http://user:secret@x.org/",
    ],
)
def test_fetch_refuses_address(url: str) -> None:
    with pytest.raises(InputError):
        fetch(url, SETTINGS, resolve=resolve)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:0001::",
        "64:ff9b::7f00:1",
        "2130706433",
    ],
)
def test_public_address_refuses_private(host: str) -> None:
    with pytest.raises(InputError, match="private address"):
        public_address(host, 80)


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_address_takes_public(host: str) -> None:
    assert public_address(host, 80) == host


def test_public_address_names_an_unknown_host() -> None:
    with pytest.raises(InputError, match="not known"):
        public_address("a" * 70 + ".invalid", 80)
