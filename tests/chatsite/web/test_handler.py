"""HTTP as the server hands it over: one thread per request from first signal to last, streams made as they are sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from chatsite.web import handler as web
from chatsite.web.handler import ThreadHandler

pytestmark = pytest.mark.asyncio
made: list[int] = []


def plain(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(request.body.upper(), content_type="text/plain")
    response.set_cookie("taste", "sweet")
    return response


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield b"%d" % number

    return StreamingHttpResponse(parts())


urlpatterns = [path("plain/", plain), path("stream/", stream)]


class Server:
    """What an ASGI server is to an application."""

    def __init__(self, *bodies: bytes, gone: bool = False) -> None:
        self.incoming: list[dict[str, Any]] = [
            {"type": "http.request", "body": one, "more_body": place < len(bodies)}
            for place, one in enumerate(bodies, 1)
        ]
        if gone:
            self.incoming = [{"type": "http.disconnect"}]
        self.sent: list[Mapping[str, Any]] = []
        self.made_when_sent: list[int] = []

    async def receive(self) -> dict[str, Any]:
        return self.incoming.pop(0)

    async def send(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)
        self.made_when_sent.append(len(made))

    async def ask(
        self, where: str, method: str = "GET", query: bytes = b"", handler: ThreadHandler | None = None
    ) -> None:
        scope = {
            "type": "http",
            "method": method,
            "path": where,
            "query_string": query,
            "headers": [(b"host", b"localhost")],
            "http_version": "1.1",
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        await (handler or ThreadHandler())(scope, self.receive, self.send)


@pytest.fixture(autouse=True)
def pages(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    made.clear()


async def test_a_body_in_parts_comes_whole_and_the_answer_with_its_cookies() -> None:
    server = Server(b"qui", b"et")
    await server.ask("/plain/", "POST")
    start, body = server.sent
    assert start["status"] == 200
    assert (b"Content-Type", b"text/plain") in start["headers"]
    assert any(name == b"Set-Cookie" and value.startswith(b"taste=sweet") for name, value in start["headers"])
    assert body == {"type": "http.response.body", "body": b"QUIET", "more_body": False}


async def test_a_stream_is_made_no_faster_than_it_is_sent() -> None:
    server = Server(b"")
    await server.ask("/stream/")
    assert b"".join(one.get("body", b"") for one in server.sent[1:]) == b"012"
    assert server.made_when_sent[:4] == [0, 1, 2, 3]
    assert not server.sent[-1].get("more_body", False)


class Slow(Server):
    """A client that takes nothing before `taking`."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.asked, self.taking = asyncio.Event(), asyncio.Event()

    async def send(self, message: Mapping[str, Any]) -> None:
        await super().send(message)
        self.asked.set()
        await self.taking.wait()


async def test_a_stream_holds_no_thread_while_its_client_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "THREADS", 1)
    handler, slow, other = ThreadHandler(), Slow(), Server(b"x")
    streaming = asyncio.create_task(slow.ask("/stream/", handler=handler))
    await slow.asked.wait()
    await asyncio.wait_for(other.ask("/plain/", "POST", handler=handler), 5)
    assert other.sent[-1]["body"] == b"X"
    slow.taking.set()
    await streaming
    assert b"".join(one.get("body", b"") for one in slow.sent[1:]) == b"012"


async def test_a_request_has_one_thread_from_first_to_last() -> None:
    threads: list[int] = []

    def note(**_: Any) -> None:
        threads.append(threading.get_ident())

    for signal in (request_started, request_finished):
        signal.connect(note, dispatch_uid="noted")
    try:
        await Server(b"").ask("/plain/")
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(dispatch_uid="noted")
    assert len(threads) == 2
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_who_hangs_up_before_the_end_of_the_body_gets_nothing() -> None:
    server = Server(gone=True)
    await server.ask("/plain/", "POST")
    assert server.sent == []


async def test_an_address_that_cannot_be_read_is_refused() -> None:
    server = Server(b"")
    await server.ask("/nowhere/", query=b"q=\xff")
    assert server.sent[0]["status"] in (400, 404)
