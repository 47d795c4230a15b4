"""Receipts over sockets: who hears them, at once and after a crash, and with two processes at work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services import settings, tokens
from messaging.documents import Conversation
from messaging.repositories import conversations as stored
from messaging.repositories import messages as log
from messaging.services import conversations, messages, receipts
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
SOON = 2.0  # seconds in which a change of the setting acts, in all processes
MOMENT = 3 * receipts.GATHER  # seconds in which what was said would have been told
db = sync_to_async


@dataclass(frozen=True)
class Room:
    """ada's group with ben and cleo; `first` is a message of hers."""

    url: str
    people: dict[str, User]
    keys: dict[str, str]
    group: Conversation
    first: str

    @property
    def here(self) -> str:
        return str(self.group.id)

    def socket(self, who: str) -> Any:
        return signed_in(self.url.replace("http", "ws", 1) + "/ws/", self.keys[who])

    def id(self, who: str) -> str:
        return self.people[who].chat_id

    async def show(self, who: str, shown: bool) -> None:
        """Switches receipts as a client does. In the process that is asked for it, it acts at once."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers) as client:
            assert (await client.patch("/api/v1/me/settings/", json={"receipts": shown})).status_code == 200

    async def read(self, client: Client, seq: int) -> None:
        await client.send("receipt.read", conversation_id=self.here, seq=seq)


@pytest.fixture
def room(live_stack: LiveStack, transactional_db: None) -> Room:
    people = {name: live_stack.person(name) for name in ("ada", "ben", "cleo")}
    ada, *others = [one.chat_id for one in people.values()]
    group = conversations.create_group(ada, "Kites", others)
    first = messages.send(ada, group.id, uuid4(), "who comes?").message
    messages.send(ada, group.id, uuid4(), "and who brings tea?")
    keys = {name: tokens.issue(one).access for name, one in people.items()}
    return Room(live_stack.url, people, keys, group, str(first.id))


def readings(client: Client) -> list[tuple[str, int]]:
    return [(one["user_id"], one["seq"]) for one in client.all("receipt.updated", kind="read")]


async def test_private_reading_is_told_to_ones_own_devices_only(room: Room) -> None:
    async with (
        room.socket("ada") as ada,
        room.socket("ben") as ben,
        room.socket("ben") as phone,
    ):
        await room.show("ben", False)
        await room.read(ben, 1)
        await phone.wait("receipt.updated", kind="read", user_id=room.id("ben"), seq=1)
        await asyncio.sleep(MOMENT)
        assert not ada.all("receipt.updated")
        await room.show("ben", True)
        assert not ada.all("receipt.updated")
        await room.read(ben, 2)
        await ada.wait("receipt.updated", kind="read", user_id=room.id("ben"), seq=2)


async def test_who_shows_nothing_hears_nothing_of_others(room: Room) -> None:
    async with room.socket("ada") as ada, room.socket("ben") as ben, room.socket("cleo") as cleo:
        await room.show("ben", False)
        async with room.socket("ben") as late:  # one that comes later does not either
            await room.read(cleo, 1)
            await ada.wait("receipt.updated", kind="read", seq=1)
            await ada.send("reaction.set", op_id=str(uuid4()), message_id=room.first, emoji="🪁", on=True)
            for client in (ben, late):
                changed = await client.wait("message.changed", kind="reaction")
                assert changed["message"]["read_by"] == changed["message"]["delivered_to"] == []
                assert not client.all("receipt.updated")
            changed = await ada.wait("message.changed", kind="reaction")
            assert [one["user_id"] for one in changed["message"]["read_by"]] == [room.id("cleo")]
        await room.show("ben", True)
        await room.read(cleo, 2)
        await ben.wait("receipt.updated", kind="read", user_id=room.id("cleo"), seq=2)


async def test_a_change_made_in_another_process_acts_soon(room: Room) -> None:
    async with room.socket("ada") as ada, room.socket("ben") as ben:
        await room.read(ben, 1)
        await ada.wait("receipt.updated", kind="read", seq=1)
        await db(settings.update)(room.id("ben"), {"receipts": False})
        await asyncio.sleep(SOON)
        await room.read(ben, 2)
        await ben.wait("receipt.updated", kind="read", seq=2)
        await asyncio.sleep(MOMENT)
        assert readings(ada) == [(room.id("ben"), 1)]


async def test_a_socket_that_missed_the_change_learns_of_it_with_its_heartbeat(room: Room) -> None:
    async with room.socket("ben") as ben, room.socket("cleo") as cleo:
        row = {"user_id": room.people["ben"].pk, "key": "receipts", "value": False}
        await db(settings.Setting.objects.create)(**row)
        await db(settings.cache.delete)(f"settings:{room.id('ben')}")
        await ben.send("ping")
        await ben.wait("pong")
        await room.read(cleo, 1)
        await cleo.wait("receipt.updated", kind="read", seq=1)
        await asyncio.sleep(MOMENT)
        assert not ben.all("receipt.updated")


async def test_whoever_is_blocked_hears_nothing_of_the_blocker(room: Room) -> None:
    async with room.socket("ada") as ada, room.socket("ben") as ben, room.socket("cleo") as cleo:
        headers = {"Authorization": f"Bearer {room.keys['ben']}"}
        async with httpx.AsyncClient(base_url=room.url, headers=headers) as client:
            body = {"user_id": room.id("ada"), "type": "blocked"}
            assert (await client.post("/api/v1/relationships/", json=body)).status_code == 201
        await room.read(ben, 2)
        await cleo.wait("receipt.updated", kind="read", user_id=room.id("ben"))
        await room.read(cleo, 2)
        await ada.wait("receipt.updated", kind="read", user_id=room.id("cleo"))
        assert readings(ada) == [(room.id("cleo"), 2)]


async def test_two_processes_at_once_enter_everyone_once(room: Room) -> None:
    ben, cleo = room.id("ben"), room.id("cleo")
    async with room.socket("ada") as ada, room.socket("ben") as one, room.socket("cleo") as other:
        for number in range(3, 23):
            await ada.say(room.group.id, f"{number}")
            await ada.wait("message.created", seq=number)
            for client in (one, other):
                await room.read(client, number)
            for who in (ben, cleo):
                await db(receipts.note)(who, room.group.id, "read", number)  # the same, from this process
        for who in (ben, cleo):
            await ada.wait("receipt.updated", kind="read", user_id=who, seq=22)
    for message in await db(log.after)(room.group.id, 0, 100):
        for array in (message.delivered_to, message.read_by):
            assert sorted(entry.user_id for entry in array) == sorted([ben, cleo])


async def test_what_a_crash_loses_comes_again_with_the_next_receipt(live_stack: LiveStack, room: Room) -> None:
    async with _running_again(live_stack), room.socket("ben") as ben:
        await room.read(ben, 1)
        await ben.send("ping")
        await ben.wait("pong")  # it was heard; usually it is written only a moment later
        await asyncio.to_thread(live_stack.kill)
    async with room.socket("ada") as ada, room.socket("ben") as ben:
        await room.read(ben, 2)
        await ada.wait("receipt.updated", kind="read", user_id=room.id("ben"), seq=2)
    assert [len(one.read_by) for one in await db(log.after)(room.group.id, 0, 9)] == [1, 1]


async def test_a_planned_stop_writes_what_was_said(live_stack: LiveStack, room: Room) -> None:
    async with _running_again(live_stack), room.socket("ben") as ben:
        await room.read(ben, 2)
        await ben.send("ping")
        await ben.wait("pong")
        await asyncio.to_thread(live_stack.stop)
    seat = await db(stored.seat)(room.group.id, room.id("ben"))
    assert seat and seat.read_seq == 2


@asynccontextmanager
async def _running_again(live_stack: LiveStack) -> AsyncIterator[None]:
    """Whatever happens inside, the site runs afterwards."""
    try:
        yield
    finally:
        live_stack.start()  # from this thread: the kernel ends the site with the thread that started it
