"""Who reads slowly gets every frame whole and in order; who does not read is not waited for, and misses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import ClientConnection, connect

from accounts.services import tokens
from chatsite.types import UserId
from messaging.documents import Conversation
from messaging.services import conversations, messages
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
TEXT = "a long message " * 600  # 9,000 characters
STEP = 100  # messages
OFFERED = 1500  # messages, of each half: far more than the kernel's buffers hold
ASKED = 50  # times a hundred messages
GROWTH_MAX = OFFERED * len(TEXT) // 3  # bytes


@asynccontextmanager
async def slow(url: str, token: str) -> AsyncIterator[ClientConnection]:
    """A socket that takes from the kernel only what is asked of it."""
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(url, additional_headers=headers, max_queue=1, compression=None) as connection:
        await connection.send(json.dumps({"type": "hello"}))
        assert json.loads(await connection.recv())["type"] == "ready"
        yield connection


def write(who: UserId, where: Conversation, numbers: range) -> None:
    for number in numbers:
        draft = messages.draft(who, where.id, uuid4(), f"{number} {TEXT}")
        messages.writer.append(draft, lambda _: None)
    messages.writer.settle(60)


async def offer(quick: Client, who: UserId, where: Conversation, half: int) -> None:
    """Writes half of the messages, no faster than the site sends them to someone who reads: what waits for the site is
    not what waits in it."""
    for first in range((half - 1) * OFFERED + 1, half * OFFERED, STEP):
        await sync_to_async(write)(who, where, range(first, first + STEP))
        await quick.until(partial(quick.find, "message.created", seq=first + STEP - 1), patience=30)


def messages_of(event: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The number of each message in the event, and the one its text begins with."""
    found = [event["message"]] if event["type"] == "message.created" else event.get("messages", [])
    for one in found:
        yield one["seq"], one["content"].split()[0]


def resident(process: int) -> int:
    """The memory of a process, in bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


async def test_who_does_not_read_costs_no_memory_and_misses_nothing(live_stack: LiveStack) -> None:
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    private, _ = await sync_to_async(conversations.start_private)(ada.chat_id, ben.chat_id)
    token, other = [(await sync_to_async(tokens.issue)(who)).access for who in (ben, ada)]
    assert live_stack.web.process is not None
    site = live_stack.web.process.pid

    async with slow(live_stack.socket_url, token) as reader, signed_in(live_stack.socket_url, other) as quick:
        await offer(quick, ada.chat_id, private, 1)
        before = resident(site)
        await offer(quick, ada.chat_id, private, 2)
        assert resident(site) - before < GROWTH_MAX

        seen: list[str] = []
        resets = 0
        while len(seen) < 2 * OFFERED:
            event = json.loads(await reader.recv())
            resets += event["type"] == "sync.reset"
            for seq, text in messages_of(event):
                if seq == len(seen) + 1:
                    seen.append(text)
            if event["type"] == "sync.reset" or event.get("more"):
                ask = {"conversation_id": str(private.id), "after_seq": len(seen), "after_rev": 0, "limit": 100}
                await reader.send(json.dumps({"type": "sync", **ask}))
    assert resets >= 1
    assert seen == [str(number) for number in range(1, 2 * OFFERED + 1)]


async def test_who_asks_without_reading_is_read_no_further(live_stack: LiveStack) -> None:
    """The answers wait at the client, then what it asks does: fifty long answers never stand in memory together."""
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    private, _ = await sync_to_async(conversations.start_private)(ada.chat_id, ben.chat_id)
    token = (await sync_to_async(tokens.issue)(ben)).access
    await sync_to_async(write)(ada.chat_id, private, range(1, OFFERED + 1))
    assert live_stack.web.process is not None
    site = live_stack.web.process.pid
    ask = json.dumps({"type": "sync", "conversation_id": str(private.id), "after_seq": 0, "after_rev": 0, "limit": 100})

    async with slow(live_stack.socket_url, token) as reader:
        before = resident(site)
        for _ in range(ASKED):
            await reader.send(ask)
        await asyncio.sleep(1)
        assert resident(site) - before < ASKED * 100 * len(TEXT) // 3
        answers = []
        while len(answers) < ASKED:
            if (came := json.loads(await reader.recv()))["type"] != "presence":
                answers.append(came)
    assert [len(one["messages"]) for one in answers] == [100] * ASKED
