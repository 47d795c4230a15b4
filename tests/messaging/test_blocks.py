"""A block ends contact in both directions, live as well, and the blocked one is told nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services import relationships, settings, tokens
from chatsite.memory import MOMENT
from messaging.services import conversations
from tests.cast import acquaint
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
SOON = 2.0  # seconds (PROTOCOL.md, "When a right ends")
A_MOMENT = 0.8  # seconds: receipts are gathered for 0.25, who comes and goes for 0.2
db = sync_to_async


class Stage:
    """ada and cleo, who talk in private and sit in a group with ben; the database is the site's."""

    def __init__(self, live: LiveStack) -> None:
        self.url = live.socket_url
        self.ada, self.ben, self.cleo = (live.person(name) for name in ("ada", "ben", "cleo"))
        self.private = str(acquaint(self.ada, self.cleo).id)
        both = [self.ben.chat_id, self.cleo.chat_id]
        self.group = str(conversations.create_group(self.ada.chat_id, "Kites", both).id)

    @asynccontextmanager
    async def socket(self, who: User) -> AsyncIterator[Client]:
        async with signed_in(self.url, (await db(tokens.issue)(who)).access) as client:
            yield client

    async def act(self, verb: Callable[..., Any]) -> None:
        """ada does something about cleo, by a process of her own: as another web process would."""
        await db(verb)(self.ada.chat_id, self.cleo.chat_id)


@pytest.fixture
def stage(live_stack: LiveStack, transactional_db: None) -> Stage:
    return Stage(live_stack)


async def test_what_the_blocked_one_writes_is_acknowledged_and_reaches_nobody(stage: Stage) -> None:
    here = stage.private
    async with stage.socket(stage.ada) as ada, stage.socket(stage.cleo) as cleo:
        await ada.wait("message.created", seq=(await _said(cleo, here, "balloons?"))["seq"])
        await stage.act(relationships.block)
        await ada.wait("conversation.removed", conversation_id=here, reason="blocked")
        await ada.wait("block.changed", user_id=stage.cleo.chat_id, on=True)
        ada.events.clear()
        assert (await _said(cleo, here, "are you there?"))["seq"] == 2
        await cleo.send("typing", conversation_id=here, on=True)
        assert (await ada.wait("error", client_id=await ada.say(here, "go away")))["code"] == "not_found"
        await asyncio.sleep(A_MOMENT)
        assert {one["type"] for one in ada.events} == {"error"}
        assert not cleo.all("error") and not cleo.all("conversation.removed") and not cleo.all("block.changed")


async def test_what_was_said_meanwhile_is_there_when_the_block_is_lifted(stage: Stage) -> None:
    here = stage.private
    async with stage.socket(stage.ada) as ada, stage.socket(stage.cleo) as cleo:
        await _said(cleo, here, "balloons?")
        await stage.act(relationships.block)
        await ada.wait("conversation.removed", conversation_id=here)
        await _said(cleo, here, "are you there?")
        await stage.act(relationships.unblock)
        await ada.wait("conversation.changed", conversation_id=here, kind="added")
        await ada.wait("block.changed", user_id=stage.cleo.chat_id, on=False)
        await ada.send("sync", conversation_id=here, after_seq=0, after_rev=0)
        batch = await ada.wait("sync.batch", conversation_id=here, seq=2)
        assert [one["seq"] for one in batch["messages"]] in ([1, 2], [2])
        assert (await _said(ada, here, "I am back"))["seq"] == 3
        await cleo.wait("message.created", seq=3)


async def test_the_blocker_is_no_longer_seen_and_sees_nobody(stage: Stage) -> None:
    async with stage.socket(stage.ada) as ada, stage.socket(stage.cleo) as cleo, stage.socket(stage.ben) as ben:
        await ada.wait("presence", user_id=stage.cleo.chat_id, state="online")
        await cleo.wait("presence", user_id=stage.ada.chat_id, state="online")
        await stage.act(relationships.block)
        assert "last_seen" not in await cleo.wait("presence", user_id=stage.ada.chat_id, state="offline")
        await ada.wait("presence", user_id=stage.cleo.chat_id, state="offline")
        for client in (cleo, ben):
            client.events.clear()
        await ada.end()
        await ben.wait("presence", user_id=stage.ada.chat_id, state="offline")
        await asyncio.sleep(A_MOMENT)
        assert not cleo.all("presence", user_id=stage.ada.chat_id)


async def test_a_block_between_people_who_have_not_met_is_heard_by_nobody(stage: Stage, live_stack: LiveStack) -> None:
    eve = await db(live_stack.person)("eve")
    async with stage.socket(stage.ada), stage.socket(eve) as hers:
        await db(relationships.block)(stage.ada.chat_id, eve.chat_id)
        await asyncio.sleep(A_MOMENT)
        assert {one["type"] for one in hers.events} == {"ready"}


async def test_in_a_group_neither_sees_the_other_type_but_the_third_does(stage: Stage) -> None:
    assert MOMENT < SOON
    here = stage.group
    async with stage.socket(stage.ada) as ada, stage.socket(stage.cleo) as cleo, stage.socket(stage.ben) as ben:
        await _types(cleo, here)
        await ada.wait("typing", user_id=stage.cleo.chat_id)
        await stage.act(relationships.block)
        await asyncio.sleep(MOMENT)
        for client in (ada, cleo):
            client.events.clear()
        await _types(cleo, here), await _types(ada, here)
        for one in (stage.cleo, stage.ada):
            await ben.wait("typing", user_id=one.chat_id)
        await asyncio.sleep(A_MOMENT)
        assert not ada.all("typing") and not cleo.all("typing")


async def test_who_does_not_show_their_typing_sees_nobody_elses(stage: Stage) -> None:
    here = stage.group
    async with stage.socket(stage.ada) as ada, stage.socket(stage.cleo) as cleo, stage.socket(stage.ben) as ben:
        await db(settings.update)(stage.cleo.chat_id, {"typing": False})
        await asyncio.sleep(MOMENT)
        await _types(cleo, here), await _types(ben, here)
        await ada.wait("typing", user_id=stage.ben.chat_id)
        await asyncio.sleep(A_MOMENT)
        assert not ada.all("typing", user_id=stage.cleo.chat_id)
        assert not cleo.all("typing")


@pytest.mark.parametrize(("mine", "theirs", "seen"), [("everyone", "nobody", False), ("nobody", "everyone", False)])
async def test_who_does_not_show_when_they_are_here_sees_it_of_nobody(
    stage: Stage, mine: str, theirs: str, seen: bool
) -> None:
    await db(settings.update)(stage.ada.chat_id, {"last_seen": mine})
    await db(settings.update)(stage.cleo.chat_id, {"last_seen": theirs})
    async with stage.socket(stage.ben) as ben, stage.socket(stage.ada) as ada, stage.socket(stage.cleo) as cleo:
        open_one = stage.ada if mine == "everyone" else stage.cleo
        await ben.wait("presence", user_id=open_one.chat_id, state="online")
        await asyncio.sleep(A_MOMENT)
        assert bool(ada.all("presence", user_id=stage.cleo.chat_id)) == seen
        assert bool(cleo.all("presence", user_id=stage.ada.chat_id)) == seen


async def test_a_send_that_was_stored_is_answered_when_it_is_repeated_behind_a_block(stage: Stage) -> None:
    async with stage.socket(stage.cleo) as cleo:
        mine = await cleo.say(stage.private, "balloons?")
        first = await cleo.wait("ack", client_id=mine)
        await stage.act(relationships.block)
        cleo.events.clear()
        await cleo.say(stage.private, "balloons?", mine)
        assert await cleo.wait("ack", client_id=mine) == first
        assert not cleo.all("message.created")


async def _said(client: Client, here: str, text: str) -> dict[str, Any]:
    return await client.wait("ack", client_id=await client.say(here, text))


async def _types(client: Client, here: str) -> None:
    await client.send("typing", conversation_id=here, on=True)
