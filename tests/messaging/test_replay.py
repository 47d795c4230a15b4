"""A real log, live: each author a client, all of them listening. In the end everyone has the log, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import groupby
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from accounts.services import tokens
from chatsite.management import irc
from messaging.documents import Conversation
from messaging.repositories import messages
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
LOG = Path(__file__).resolve().parents[3] / "shared" / "data" / "ubuntu-irc" / "2013-01-30.train-a.raw.txt"
LINES = irc.read(LOG).lines[:300]
NICKS = list(dict.fromkeys(line.nick for line in LINES))
PATIENCE = 30.0  # seconds


@pytest.fixture
def authors(live_stack: LiveStack, transactional_db: None) -> dict[str, str]:
    """An access token for each author, who all sit in one room."""
    people = {nick: live_stack.person(f"author{place}") for place, nick in enumerate(NICKS)}
    return {nick: tokens.issue(user).access for nick, user in people.items()}


@pytest.fixture
def room(authors: dict[str, str]) -> Conversation:
    first, *others = [tokens.read_access(token).user for token in authors.values()]
    return conversations.create_group(first, "Replay", others)


@asynccontextmanager
async def everyone(url: str, authors: dict[str, str]) -> AsyncIterator[dict[str, Client]]:
    async with AsyncExitStack() as stack:
        yield {nick: await stack.enter_async_context(signed_in(url, token)) for nick, token in authors.items()}


def transcript(client: Client) -> list[str]:
    """What this client heard, which must be the log without a hole or a double."""
    heard = client.all("message.created")
    assert [one["seq"] for one in heard] == list(range(1, len(heard) + 1))
    return [one["message"]["content"] for one in heard]


async def all_have(clients: dict[str, Client], count: int) -> None:
    for client in clients.values():
        await client.until(lambda c=client: len(c.all("message.created")) >= count, patience=PATIENCE)


async def test_the_log_line_by_line(live_stack: LiveStack, authors: dict[str, str], room: Conversation) -> None:
    assert len(NICKS) > 30
    async with everyone(live_stack.socket_url, authors) as clients:
        ids: dict[int, str] = {}
        for line in LINES:
            speaker = clients[line.nick]
            ack = await speaker.wait("ack", client_id=await speaker.say(room.id, line.text))
            ids[line.number] = ack["message_id"]
        await all_have(clients, len(LINES))
        for client in clients.values():
            assert transcript(client) == [line.text for line in LINES]
            assert not client.all("error")
    stored = await sync_to_async(messages.after)(room.id, 0, 1000)
    assert [(str(one.id), one.content) for one in stored] == [(ids[line.number], line.text) for line in LINES]


async def test_all_at_once(live_stack: LiveStack, authors: dict[str, str], room: Conversation) -> None:
    """Nobody waits: everybody hears the same order, and each author's lines are in theirs."""
    async with everyone(live_stack.socket_url, authors) as clients:
        await asyncio.gather(*(recite(clients[nick], room, nick) for nick in NICKS))
        await all_have(clients, len(LINES))
        heard = [[one["message"]["id"] for one in client.all("message.created")] for client in clients.values()]
        assert all(one == heard[0] for one in heard)
        assert sorted(transcript(clients[NICKS[0]])) == sorted(line.text for line in LINES)
        told = clients[NICKS[0]].all("message.created")
    by_sender = groupby(
        sorted(told, key=lambda one: one["message"]["sender_id"]), lambda one: one["message"]["sender_id"]
    )
    spoken = [[one["message"]["content"] for one in own] for _sender, own in by_sender]
    assert sorted(spoken) == sorted([line.text for line in LINES if line.nick == nick] for nick in NICKS)


async def recite(client: Client, room: Conversation, nick: str) -> None:
    for line in LINES:
        if line.nick == nick:
            await client.say(room.id, line.text)
