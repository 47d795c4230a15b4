"""Every frame of the socket is declared; and what arrives live is what a fetch would show (HOUSE.md, 7 and 9)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accounts.models import User
from accounts.services import tokens
from chatsite.clock import iso, now
from messaging import protocol as messaging
from messaging.documents import PREVIEW_MAX, Conversation
from messaging.services import conversations
from notifications import protocol as notifications
from tests.frames import EVENTS
from tests.live import LiveStack
from tests.sockets import Client, opened, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

IN_A_WHILE = iso(now() + timedelta(days=1))
ONLY_AT_THE_END = {"bye"}  # before a planned stop


class People:
    """ada owns a group with ben in it, dora is not in it yet."""

    def __init__(self, live: LiveStack) -> None:
        self.url, self.api = live.socket_url, f"{live.url}/api/v1/"
        self.ada, self.ben, self.dora = (live.person(name) for name in ("ada", "ben", "dora"))
        self.group: Conversation = conversations.create_group(self.ada.chat_id, "Kites", [self.ben.chat_id])
        self.tokens = {one.pk: tokens.issue(one).access for one in (self.ada, self.ben, self.dora)}

    async def ask(self, who: User, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[who.pk]}"}
        async with httpx.AsyncClient(base_url=self.api, headers=headers) as client:
            answer = await client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def say(self, who: User, text: str, **more: object) -> Any:
        body = {"client_id": str(uuid4()), "content": text, **more}
        return await self.ask(who, "POST", f"conversations/{self.group.id}/messages/", body)

    async def approach(self, who: User, whom: User) -> None:
        """A first message in private."""
        started = {"type": "private", "participants": [str(whom.pk)]}
        private = await self.ask(who, "POST", "conversations/", started)
        body = {"client_id": str(uuid4()), "content": "hello"}
        await self.ask(who, "POST", f"conversations/{private['id']}/messages/", body)


@pytest.fixture
def people(live_stack: LiveStack, transactional_db: None) -> People:
    return People(live_stack)


async def test_every_frame_is_of_its_declared_shape(people: People) -> None:
    assert {messaging.SyncBatch, notifications.NotificationRead} <= set(EVENTS.values())
    here = str(people.group.id)
    async with (
        signed_in(people.url, people.tokens[people.ada.pk]) as ada,
        opened(people.url, people.tokens[people.ben.pk], subprotocols=["chat.v1.html"]) as ben,
    ):
        await ben.send("hello", cursors={here: [0, 0]})
        await ben.wait("ready")
        await ada.wait("presence", state="online")
        sent = await ada.wait("ack", client_id=await ada.say(here, "hello"))
        await people.ask(people.ada, "POST", "saved-messages/", {"message_id": sent["message_id"]})
        await ada.wait("message.saved", on=True)
        assert "html" in await ben.wait("message.created")
        await ada.send("message.edit", op_id=str(uuid4()), message_id=sent["message_id"], content="hello all")
        assert "html" in await ben.wait("message.changed", kind="edited")
        await ada.send("message.hide", op_id=str(uuid4()), message_id=sent["message_id"], on=True)
        await ada.wait("message.hidden")
        await ben.send("receipt.read", conversation_id=here, seq=1)
        await ada.wait("receipt.updated", kind="read")
        await ben.send("typing", conversation_id=here, on=True)
        await ada.wait("typing")
        await ada.send("ping", cursors={here: [0, 0]})
        await ada.wait("pong")
        await ada.send("sync", conversation_id=here, after_seq=0, after_rev=0)
        await ada.wait("sync.batch")
        await ada.send("hello", cursors={here: [99, 99]})
        await ada.wait("sync.reset")
        await ada.say(here, "")
        await ada.wait("error")
        await people.ask(people.ada, "PUT", f"conversations/{here}/draft/", {"text": "hel"})
        await ada.wait("draft.changed", text="hel")
        plan = {"conversation_id": here, "client_id": str(uuid4()), "content": "later", "due_at": IN_A_WHILE}
        await people.ask(people.ada, "POST", "scheduled-messages/", plan)
        await ada.wait("scheduled.changed", count=1)
        await people.ask(people.ada, "PATCH", f"conversations/{here}/", {"name": "Dragons"})
        await ben.wait("conversation.changed", kind="renamed")
        await people.ask(people.dora, "POST", "relationships/", {"user_id": str(people.ben.pk), "type": "friend"})
        await ben.wait("notification.created")
        await people.ask(people.ben, "POST", "notifications/read/", {"all": True})
        await ben.wait("notification.read")
        await people.ask(people.ben, "PATCH", f"conversations/{here}/membership/", {"muted": True, "mute_for": 3600})
        await ben.wait("membership.changed")
        await people.approach(people.dora, people.ben)
        await ben.wait("request.updated", state="waiting")
        await people.ask(people.ben, "POST", "relationships/", {"user_id": str(people.dora.pk), "type": "blocked"})
        await ben.wait("block.changed")
        await people.ask(people.ada, "DELETE", f"conversations/{here}/members/{people.ben.pk}/")
        await ben.wait("conversation.removed", reason="removed")
        await ben.end()
        seen = [*ada.events, *ben.events]
    missing = EVENTS.keys() - {event["type"] for event in seen} - ONLY_AT_THE_END
    assert not missing, "declared, but never seen: add what makes the server send it"


class Mirror:
    """A client that fetched once and lives on events ever since, as PROTOCOL.md tells clients to."""

    def __init__(self, fetched: dict[str, Any]) -> None:
        self.conversation, self.messages = dict(fetched["conversation"]), list(fetched["messages"])

    def apply(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "message.created":
                assert event["seq"] == self.conversation["last_seq"] + 1
                self._append(event["message"])
            case "message.changed":
                self._follow(event)
                self._replace(event["message"])
            case "conversation.changed":
                self._follow(event)
                log = {name: self.conversation[name] for name in LOG}
                self.conversation = comparable(event["conversation"]) | log
            case "receipt.updated":
                self._receive(event, "delivered_to" if event["kind"] == "delivered" else "read_by")

    def _follow(self, event: dict[str, Any]) -> None:
        assert event["rev"] == self.conversation["last_rev"] + 1
        self.conversation["last_rev"] = event["rev"]

    def _replace(self, message: dict[str, Any]) -> None:
        self.messages = [message if one["id"] == message["id"] else one for one in self.messages]
        if message["seq"] == self.conversation["last_seq"]:
            self._preview(message)

    def _append(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        self.conversation["last_seq"] = message["seq"]
        self.conversation["last_message_at"] = message["created_at"]
        self._preview(message)

    def _preview(self, message: dict[str, Any]) -> None:
        self.conversation["last_message_preview"] = " ".join(message["content"].split())[:PREVIEW_MAX]

    def _receive(self, event: dict[str, Any], array: str) -> None:
        for message in self.messages:
            known = {one["user_id"] for one in message[array]} | {message["sender_id"]}
            if message["seq"] <= event["seq"] and event["user_id"] not in known:
                message[array].append({"user_id": event["user_id"], "timestamp": event["at"]})


LOG = ("last_seq", "last_message_at", "last_message_preview")  # follow the messages, not the conversation's events


def comparable(conversation: dict[str, Any]) -> dict[str, Any]:
    """Without what is the viewer's own, and the time of a projection."""
    return {name: one for name, one in conversation.items() if name not in ("unread", "membership", "updated_at")}


async def fetch(people: People) -> dict[str, Any]:
    here = f"conversations/{people.group.id}/"
    page = await people.ask(people.ada, "GET", f"{here}messages/?limit=200")
    return {"conversation": comparable(await people.ask(people.ada, "GET", here)), "messages": page["results"]}


@asynccontextmanager
async def mirrored(people: People) -> AsyncIterator[tuple[Client, Mirror]]:
    async with signed_in(people.url, people.tokens[people.ada.pk]) as client:
        yield client, Mirror(await fetch(people))


async def write(people: People) -> None:
    await people.say(people.ben, "hello  there\nall")


async def reply(people: People) -> None:
    first = await people.say(people.ada, "who comes?")
    await people.say(people.ben, "I do 🪁", reply_to=first["id"])


async def read(people: People) -> None:
    last = await people.say(people.ada, "read this")
    body = {"kind": "read", "seq": last["seq"]}
    await people.ask(people.ben, "POST", f"conversations/{people.group.id}/receipts/", body)


async def amend(people: People) -> None:
    first = await people.say(people.ada, "frist")
    last = await people.say(people.ada, "last")
    for message, type, fields in (
        (first, "message.edit", {"content": "first"}),
        (first, "reaction.set", {"emoji": "🪁", "on": True}),
        (first, "message.pin", {"on": True}),
        (last, "message.edit", {"content": "the last one"}),
        (last, "message.delete", {}),
    ):
        await command(people, type, message_id=message["id"], **fields)


async def command(people: People, type: str, **fields: Any) -> None:
    async with signed_in(people.url, people.tokens[people.ada.pk]) as client:
        op_id = str(uuid4())
        await client.send(type, op_id=op_id, **fields)
        await client.wait("ack", op_id=op_id)


async def rename(people: People) -> None:
    await people.ask(people.ada, "PATCH", f"conversations/{people.group.id}/", {"name": "Dragons"})


async def change_members(people: People) -> None:
    here = f"conversations/{people.group.id}/members/"
    await people.ask(people.ada, "POST", here, {"user_ids": [str(people.dora.pk)]})
    await people.ask(people.ada, "PATCH", f"{here}{people.dora.pk}/", {"role": "admin"})
    await people.ask(people.ada, "DELETE", f"{here}{people.ben.pk}/")
    await people.ask(people.dora, "DELETE", f"{here}{people.dora.pk}/")


async def open_to_everyone(people: People) -> None:
    here = f"conversations/{people.group.id}/"
    await people.ask(people.ada, "PATCH", here, {"description": "flown on Sundays", "public": True})
    await people.ask(people.dora, "POST", f"rooms/{people.group.id}/join/")


DEEDS: list[Callable[[People], Awaitable[None]]] = [write, reply, read, amend, rename, change_members, open_to_everyone]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
async def test_a_fetch_and_the_events_since_are_a_fresh_fetch(
    people: People, deed: Callable[[People], Awaitable[None]]
) -> None:
    await write(people)
    async with mirrored(people) as (client, mirror):
        start, before = len(client.events), await fetch(people)
        await deed(people)
        for _ in range(50):
            for event in client.events[start:]:
                mirror.apply(event)
            start = len(client.events)
            fresh = await fetch(people)
            if fresh == {"conversation": mirror.conversation, "messages": mirror.messages}:
                break
            await asyncio.sleep(0.1)
        assert mirror.messages == fresh["messages"]
        assert mirror.conversation == fresh["conversation"]
        assert fresh != before
