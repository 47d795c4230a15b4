"""What daphne keeps of requests, with its own bookkeeping and no network."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from daphne.server import Server

from chatsite.realtime.daphne import ChatServer

pytestmark = pytest.mark.asyncio


class Answered:
    """A request as the server knows it: what is not a socket's protocol."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    def handle_reply(self, message: dict[str, Any]) -> None:
        self.replies.append(message)


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["path"] == "/fault/":
        raise RuntimeError("a fault of the application")
    await send({"type": "http.response.start", "status": 200, "headers": []})


def serving() -> Server:
    server = ChatServer(answer, endpoints=["none"])
    server.connections = {}  # as `run` begins, before it listens
    return server


def begin(server: Server, path: str) -> tuple[Answered, asyncio.Task[None]]:
    request = Answered()
    server.protocol_connected(request)
    server.create_application(request, {"type": "http", "path": path})
    return request, server.connections[request]["application_instance"]


async def test_a_request_that_was_answered_is_let_go() -> None:
    server = serving()
    request, running = begin(server, "/")
    server.protocol_disconnected(request)
    await asyncio.wait([running])
    await asyncio.sleep(0)
    assert server.connections == {}


async def test_a_request_that_is_still_being_sent_is_kept() -> None:
    server = serving()
    request, running = begin(server, "/")
    await asyncio.wait([running])
    await asyncio.sleep(0)
    assert [one["type"] for one in request.replies] == ["http.response.start"]
    assert list(server.connections) == [request]


async def test_a_request_that_failed_is_left_to_whoever_reports_it() -> None:
    server = serving()
    request, running = begin(server, "/fault/")
    server.protocol_disconnected(request)
    await asyncio.wait([running])
    await asyncio.sleep(0)
    assert list(server.connections) == [request]
