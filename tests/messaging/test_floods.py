"""Too much of what would be good in measure, on a site with its limits in force."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from websockets.exceptions import ConnectionClosed

from accounts.services import tokens
from chatsite.realtime.socket import FRAMES_AT_ONCE
from messaging.documents import Conversation
from messaging.repositories import messages
from messaging.services import conversations, pace
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
TOO_FAST = 4429
PATIENCE = 30.0  # seconds; how soon it must be over, F11 says (tests/faults/test_abuse.py)


@dataclass(frozen=True)
class Scene:
    here: Conversation
    ada: Client
    ben: Client


@pytest_asyncio.fixture
async def scene(limited_stack: LiveStack, transactional_db: None) -> AsyncIterator[Scene]:
    ada, ben = [await sync_to_async(limited_stack.person)(name) for name in ("ada", "ben")]
    here = await sync_to_async(conversations.create_group)(ada.chat_id, "Kites", [ben.chat_id])
    hers, his = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben)]
    url = limited_stack.socket_url
    async with signed_in(url, hers) as first, signed_in(url, his) as second:
        yield Scene(here, first, second)


async def flood(client: Client, text: str) -> None:
    """Sends without end, until the server has had enough."""
    with suppress(ConnectionClosed):
        while True:
            await client.connection.send(text)
            await asyncio.sleep(0)


@pytest.mark.parametrize("size", [0, 60_000])
async def test_a_flood_of_frames_ends_the_socket_and_nobody_elses(scene: Scene, size: int) -> None:
    async with asyncio.timeout(PATIENCE):
        await flood(scene.ada, json.dumps({"type": "ping", "cursors": {}}) + " " * size)
    assert scene.ada.close_code == TOO_FAST
    await scene.ben.wait("ack", client_id=await scene.ben.say(scene.here.id, "still here"))


async def test_a_burst_within_the_limit_is_carried_out(scene: Scene) -> None:
    for _ in range(FRAMES_AT_ONCE // 2):
        await scene.ada.send("typing", conversation_id=str(scene.here.id), on=True)
    await scene.ada.send("ping")
    await scene.ada.wait("pong")


async def test_who_writes_too_fast_is_told_when_to_go_on_and_loses_nothing(scene: Scene) -> None:
    many = int(pace.writing.at_once) + 20
    sent = [await scene.ada.say(scene.here.id, f"{number}") for number in range(many)]
    await scene.ada.until(lambda: len(scene.ada.all("ack")) + len(scene.ada.all("error")) == many)
    refused = scene.ada.all("error")
    assert refused
    assert all(one["code"] == "too_fast" and one["retry_after"] > 0 for one in refused)
    for again in [one["client_id"] for one in refused]:
        await asyncio.sleep(1.1 / pace.writing.per_second)
        await scene.ada.say(scene.here.id, "again", client_id=again)
    await scene.ada.until(lambda: len(scene.ada.all("ack")) == many)
    assert {one["client_id"] for one in scene.ada.all("ack")} == set(sent)
    assert await sync_to_async(messages.head)(scene.here.id) == many
