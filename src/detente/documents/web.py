"""Downloads, only when asked for: bounded in size and time, and never from a private address.

Every hop's host is resolved once, checked, and then connected to by the checked address, so that a
name which answers differently the second time cannot lead into the user's own network.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from detente.errors import InputError
from detente.settings import Settings

MAX_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_CHUNK = 65_536
_HEADERS = {
    "User-Agent": "detente (article reader)",
    "Accept": "text/html, application/rss+xml, application/atom+xml, application/pdf, text/*;q=0.8",
    "Accept-Encoding": "identity",
    "Connection": "close",
}

Resolve = Callable[[str, int], str]


@dataclass(slots=True, frozen=True)
class Page:
    """What a download gave: the final address, the media type and the bytes."""

    url: str
    media_type: str
    content: bytes


def fetch(url: str, settings: Settings, *, resolve: Resolve | None = None) -> Page:
    """Return the page at `url`, after at most five redirects.

    Args:
        url: an http or https address.
        settings: gives `timeout`, for each hop as a whole, and `max_bytes`.
        resolve: turns host and port into an address to connect to; `public_address` by default.

    Raises:
        InputError: the address cannot be used or reached, is private, too large or too slow.
    """
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked_url(url)
        answer = _request(parts, settings, resolve or public_address)
        if isinstance(answer, Page):
            return answer
        url = urljoin(url, answer)
    raise InputError(f"more than {MAX_REDIRECTS} redirects; give the article's final address")


def public_address(host: str, port: int) -> str:
    """Return an address of `host`, all of whose addresses are public.

    Raises:
        InputError: the host is unknown, or has a private, loopback or reserved address.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        raise InputError(f"host {host!r} is not known; check the address") from err
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    for address in addresses:
        if not _is_public(address):
            raise InputError(f"host {host!r} is at the private address {address}; not fetched")
    return addresses[0]


def _is_public(address: str) -> bool:
    """Return whether an IP address, or the IPv4 one inside it, is reachable for everybody."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None or ip in _NAT64:
            return bool(inner) and _is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _checked_url(url: str) -> SplitResult:
    """Return the parts of an address that may be fetched."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable or not url.isprintable() or " " in url:
        raise InputError(f"{url!r} is no http or https address")
    if parts.username is not None or parts.password is not None:
        raise InputError("an address with a user name or password is not fetched")
    return parts


def _request(parts: SplitResult, settings: Settings, resolve: Resolve) -> Page | str:
    """Return the page, or the address that it redirects to."""
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolve(host, port)
    connection = _Connection(address, host, port, parts.scheme, settings.timeout)
    # A socket's time limit holds for each read; only a watchdog bounds a server that trickles.
    watchdog = threading.Timer(settings.timeout, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target.encode("utf-8").decode("latin-1"), headers=_HEADERS)
        answer = _answer(connection.getresponse(), parts.geturl(), settings.max_bytes)
        if connection.was_cut:
            raise TimeoutError
        return answer
    except (OSError, http.client.HTTPException, ValueError) as err:
        slow = connection.was_cut or isinstance(err, TimeoutError)
        reason = f"no answer within {settings.timeout:g} s" if slow else f"not reachable ({err})"
        raise InputError(f"{reason}; try again or save the page as a file") from err
    finally:
        watchdog.cancel()
        connection.close()


def _answer(response: http.client.HTTPResponse, url: str, max_bytes: int) -> Page | str:
    """Return the page in `response`, or the address of its redirect."""
    location = response.getheader("Location")
    if response.status in _REDIRECTS and location:
        return location
    if response.status != 200:
        raise InputError(f"the server answered {response.status} {response.reason}")
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise InputError(f"larger than {max_bytes} bytes; raise max_bytes to read it")
    media_type = response.headers.get_content_type()
    return Page(url=url, media_type=media_type, content=b"".join(parts))


class _Connection(http.client.HTTPConnection):
    """A connection to a checked address that speaks to the host by its name."""

    def __init__(self, address: str, host: str, port: int, scheme: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._scheme = scheme
        self.default_port = 443 if scheme == "https" else 80
        self.was_cut = False
        self._wire: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the checked address; certificates are checked against the host's name."""
        self.sock = self._wire = socket.create_connection((self._address, self.port), self.timeout)
        if self._scheme == "https":
            context = ssl.create_default_context()
            self.sock = self._wire = context.wrap_socket(
                self._wire, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """End the connection from the watchdog's thread: its time is up.

        `sock` is given up as soon as the answer begins, so the wire is kept apart.
        """
        self.was_cut = True
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)
