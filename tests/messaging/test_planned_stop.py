"""A deployment: what was sent is answered or can be repeated, clients know when to come back, nothing is missing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async

from accounts.services import tokens
from messaging.repositories import messages as log
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import opened, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
SENT = 200
STOPPED_WITHIN = 10.0  # seconds (SECURITY.md 7, F9)


@asynccontextmanager
async def _stopped(live_stack: LiveStack) -> AsyncIterator[None]:
    """Whatever happens inside, the site runs again afterwards."""
    try:
        yield
    finally:
        live_stack.start()  # from this thread: the kernel ends the site with the thread that started it


async def test_a_planned_stop_loses_nothing(live_stack: LiveStack) -> None:
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    private, _ = await sync_to_async(conversations.start_private)(ada.chat_id, ben.chat_id)
    here, token = str(private.id), (await sync_to_async(tokens.issue)(ada)).access

    async with _stopped(live_stack), signed_in(live_stack.socket_url, token) as client:
        wanted = [await client.say(here, f"message {number}") for number in range(SENT)]
        await client.wait("ack")
        began = time.monotonic()
        await asyncio.to_thread(live_stack.stop)
        assert time.monotonic() - began < STOPPED_WITHIN
        assert await client.closed() == 1012
        assert 0 <= (await client.wait("bye"))["reconnect_in_ms"] <= 5000
        answered = [one["client_id"] for one in client.all("ack")]
        seen = [one["seq"] for one in client.all("message.created")]
    assert answered == wanted[: len(answered)]
    assert seen == list(range(1, len(seen) + 1))

    async with opened(live_stack.socket_url, token) as client:
        await client.send("hello", cursors={here: [len(seen), 0]})
        await client.wait("ready")
        for client_id, number in zip(wanted, range(SENT), strict=True):
            if client_id not in answered:
                await client.say(here, f"message {number}", client_id)
                await client.wait("ack", client_id=client_id)
    stored = await sync_to_async(log.after)(private.id, 0, SENT + 10)
    assert [one.client_id for one in stored] == wanted
    assert [one.seq for one in stored] == list(range(1, SENT + 1))
