"""One page or picture from the public Internet, within bounds of time and size, without telling anything of us."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from chatsite.outside.lines import INTERNET, Line
from chatsite.outside.networks import is_public

SECONDS = 5.0  # for a whole fetch, redirects included
REDIRECTS_MAX = 3
ADDRESSES_MAX = 3  # of one host that are called, one after the other
PORTS = {"http": 80, "https": 443}
MOVED = (301, 302, 303, 307, 308)
URL_MAX = 2048  # characters
HOST_MAX = 253  # characters
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; ChatLinkPreview/1.0)",
    "Accept-Encoding": "identity",  # what is packed may be a bomb: nothing is ever unpacked
    "Accept-Language": "en",
    "Connection": "close",
}
AS_THEY_ARE = "/:;=&?@!$'()*+,~%[]"


class Refused(Exception):
    """It is not fetched, or could not be. Says why, for the log: never shown to people."""


@dataclass(frozen=True)
class Fetched:
    """What came, from where it came in the end. `charset` is what the server said of it, "" for nothing."""

    url: str
    media_type: str
    charset: str
    body: bytes


def fetch(url: str, types: tuple[str, ...], most: int, *, whole: bool = False, line: Line = INTERNET) -> Fetched:
    """The first `most` bytes of what is at an http(s) address, if it is of one of these media types; where `whole`, all
    of it or nothing. Raises Refused, for whatever reason, at most SECONDS after the call."""
    until = time.monotonic() + SECONDS
    for _hop in range(REDIRECTS_MAX + 1):
        try:
            found = _asked(_checked(url), types, most, whole, until, line)
        except (OSError, http.client.HTTPException, ValueError) as error:  # UnicodeError is a ValueError
            raise Refused(f"{type(error).__name__}: {error}") from error
        if isinstance(found, Fetched):
            return found
        url = found
    raise Refused("redirected too often")


def _checked(url: str) -> SplitResult:
    """The address in parts, when it is one that may be asked. Raises Refused and ValueError."""
    parts = urlsplit(url)
    if len(url) > URL_MAX or parts.scheme not in PORTS:
        raise Refused("not an http or https address")
    if parts.username is not None or parts.password is not None:
        raise Refused("an address with a password in it")
    if parts.port not in (None, PORTS[parts.scheme]):
        raise Refused("another port than the usual one")
    if not parts.hostname or len(parts.hostname) > HOST_MAX:
        raise Refused("no host")
    return parts


def _asked(
    parts: SplitResult, types: tuple[str, ...], most: int, whole: bool, until: float, line: Line
) -> Fetched | str:
    """What is there, or the address it moved to. Raises Refused, OSError, HTTPException and ValueError."""
    with _answered(parts, types, until, line) as response:
        place = _as_written(response.headers.get("Location", ""))
        if response.status in MOVED and place:
            return urljoin(parts.geturl(), place)
        if response.status != 200:
            raise Refused(f"status {response.status}")
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise Refused("packed")
        if response.headers.get_content_type() not in types:
            raise Refused(f"of type {response.headers.get_content_type()}")
        body = response.read(most + 1)
        if time.monotonic() >= until:
            raise Refused("too slow")
        if whole and len(body) > most:
            raise Refused("too large")
        kind, charset = response.headers.get_content_type(), response.headers.get_content_charset("")
        return Fetched(parts.geturl(), kind, charset, body[:most])


@contextmanager
def _answered(
    parts: SplitResult, types: tuple[str, ...], until: float, line: Line
) -> Iterator[http.client.HTTPResponse]:
    """The answer to a request for this address, whose body is still to be read."""
    host = _ascii(parts.hostname or "")
    with _connected(host, PORTS[parts.scheme], until, line) as call:
        if parts.scheme == "https":
            call.encrypt(line.context(), host)
        session = http.client.HTTPConnection(host, PORTS[parts.scheme])
        session.auto_open = 0  # never to a name: to what is connected already
        session.sock = call.socket
        target = quote(parts.path or "/", AS_THEY_ARE) + (f"?{quote(parts.query, AS_THEY_ARE)}" if parts.query else "")
        named = f"[{host}]" if ":" in host else host
        session.request("GET", target, headers={**HEADERS, "Host": named, "Accept": ", ".join(types)})
        yield session.getresponse()


class _Call:
    """A connection that ends at a moment, whoever waits for it: one that sends a byte now and then never times out."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self.socket = connected
        self.socket.settimeout(_left(until))
        self._clock = threading.Timer(_left(until), self._hang_up)
        self._clock.daemon = True

    def __enter__(self) -> _Call:
        self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._clock.cancel()
        self.socket.close()

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Raises OSError where the other side cannot prove that it is this host."""
        encrypted = context.wrap_socket(self.socket, server_hostname=host, do_handshake_on_connect=False)
        self.socket = encrypted
        encrypted.do_handshake()

    def _hang_up(self) -> None:
        with suppress(OSError):  # it ended by itself
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # under the TLS, which is another thread's


def _connected(host: str, port: int, until: float, line: Line) -> _Call:
    """A connection to this host, at an address that was looked at. One that is not public is reason enough to call
    none: whoever mixes them is up to something."""
    addresses = line.resolve(host, port, _left(until))
    private = [one for one in addresses if not is_public(one)]
    if private or not addresses:
        raise Refused(f"not of the public Internet: {', '.join(private) or 'no address'}")
    failure = OSError("no connection")
    for address in addresses[:ADDRESSES_MAX]:
        try:
            return _Call(line.call(address, port, _left(until)), until)
        except OSError as error:
            failure = error
    raise failure


def _left(until: float) -> float:
    """Seconds that are left. Raises Refused when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise Refused("too slow")
    return left


def _as_written(header: str) -> str:
    """A header that came in UTF-8, as most do that are not ASCII; http.client takes all for Latin 1."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _ascii(host: str) -> str:
    """The host as it is asked for. Raises UnicodeError for what is none."""
    return host if host.isascii() else host.encode("idna").decode()
