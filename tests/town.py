"""A small Internet on loopback: real servers, reached at public addresses that lead to them, and a canary everywhere
else. What is fetched goes the way it goes in earnest; only where an address is called does it end up here."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chatsite.outside.lines import Internet

PUBLIC, OTHER = "93.184.216.34", "2606:2800:220:1::7"
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with what the test has put at a path, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, dict(self.headers)))
        self.site.pages[self.path.partition("?")[0]](self)

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def say(self, body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@dataclass
class Site:
    """A web server. `pages` says what is at each path."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def page(self, path: str, *what: Any, **headers: str) -> None:
        self.pages[path] = lambda handler: handler.say(*what, **headers)

    def moved(self, path: str, place: str, status: int = 302) -> None:
        raw = place.encode().decode("latin-1")
        self.pages[path] = lambda handler: handler.say(b"", status=status, Location=raw, Set_Cookie="crumb=1")


@dataclass
class Town(Internet):
    """A line that knows `names`, each with what it resolves to, one list of addresses after the other; other names are
    resolved in earnest. `houses` are the servers at public addresses; every other address leads to the canary."""

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    houses: dict[tuple[str, int], int] = field(default_factory=dict)
    canary: int = 0
    resolved: list[str] = field(default_factory=list)
    called: list[tuple[str, int]] = field(default_factory=list)
    trusted: ssl.SSLContext | None = None

    def resolve(self, host: str, port: int, within: float) -> list[str]:
        self.resolved.append(host)
        told = self.names.get(host)
        if told is None:
            return super().resolve(host, port, within)
        return told.pop(0) if len(told) > 1 else told[0]

    def call(self, address: str, port: int, within: float) -> socket.socket:
        self.called.append((address, port))
        return super().call("127.0.0.1", self.houses.get((address, port), self.canary), within)

    def context(self) -> ssl.SSLContext:
        return self.trusted or super().context()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as shown:
        yield shown


class serving:  # noqa: N801  reads as a word
    """Runs a site on a port of its own; with a context, encrypted."""

    def __init__(self, site: Site, context: ssl.SSLContext | None = None) -> None:
        handler = type("OfSite", (Handler,), {"site": site})
        self.site, self.server = site, ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        site.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True)

    def __enter__(self) -> Site:
        self.thread.start()
        return self.site

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Canary:
    """Listens where nobody may call, and counts who does."""

    def __init__(self) -> None:
        self.heard = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _address = self.listener.accept()
            except OSError:
                return
            self.heard += 1
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nsecret")
            caller.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.listener.close()


@pytest.fixture
def town(site: Site, canary: Canary) -> Town:
    """kites.test is public, at two addresses."""
    houses = {(PUBLIC, 80): site.port, (PUBLIC, 443): site.port}
    return Town(names={"kites.test": [[PUBLIC]]}, houses=houses, canary=canary.port)
