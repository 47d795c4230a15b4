"""Message requests over the socket: what comes to whom, and when it begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services import tokens
from messaging.services import conversations, requests
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
A_MOMENT = 0.8  # seconds: receipts are gathered for 0.25, who comes and goes for 0.2
db = sync_to_async


@dataclass
class Strangers:
    """eve writes to ada, whom she does not know."""

    url: str
    here: str
    ada: User
    eve: User

    @asynccontextmanager
    async def socket(self, who: User) -> AsyncIterator[Client]:
        token = (await db(tokens.issue)(who)).access
        async with signed_in(self.url, token) as client:
            yield client


@pytest.fixture
def strangers(live_stack: LiveStack, transactional_db: None) -> Strangers:
    ada, eve = live_stack.person("ada"), live_stack.person("eve")
    talk, _created = conversations.start_private(eve.chat_id, ada.chat_id)
    return Strangers(live_stack.socket_url, str(talk.id), ada, eve)


def of_each_other(client: Client) -> list[dict[str, object]]:
    """What tells somebody of the other one."""
    return [one for one in client.events if one["type"] in ("receipt.updated", "presence", "typing")]


async def test_the_first_message_is_announced_as_a_request_and_only_that(strangers: Strangers) -> None:
    async with strangers.socket(strangers.ada) as ada, strangers.socket(strangers.eve) as eve:
        await eve.say(strangers.here, "Do I know you?")
        await ada.wait("message.created", seq=1)
        await ada.wait("request.updated", conversation_id=strangers.here, state="waiting")
        await eve.say(strangers.here, "Hello?")
        await ada.wait("message.created", seq=2)
        assert len(ada.all("request.updated")) == 1
        assert not eve.all("request.updated")


async def test_the_stranger_hears_nothing_before_the_yes_and_then_what_there_is(strangers: Strangers) -> None:
    here = strangers.here
    async with (
        strangers.socket(strangers.ada) as ada,
        strangers.socket(strangers.ada) as phone,
        strangers.socket(strangers.eve) as eve,
    ):
        await eve.say(here, "Do I know you?")
        await ada.wait("message.created", seq=1)
        await ada.send("receipt.read", conversation_id=here, seq=1)
        await phone.wait("receipt.updated", kind="read", seq=1)  # one's own devices are in step
        await ada.send("typing", conversation_id=here, on=True)
        await asyncio.sleep(A_MOMENT)
        assert of_each_other(eve) == []
        ada_id = strangers.ada.chat_id
        await db(requests.accept)(ada_id, here)
        await phone.wait("request.updated", conversation_id=here, state="accepted")
        await eve.wait("receipt.updated", user_id=ada_id, kind="read", seq=1)
        await ada.send("typing", conversation_id=here, on=True)
        await eve.wait("typing", user_id=ada_id)


async def test_answering_is_a_yes(strangers: Strangers) -> None:
    here = strangers.here
    async with strangers.socket(strangers.ada) as ada, strangers.socket(strangers.eve) as eve:
        await eve.say(here, "Do I know you?")
        await ada.wait("message.created", seq=1)
        await ada.wait("ack", client_id=await ada.say(here, "No."))
        await ada.wait("request.updated", state="accepted")
        await eve.wait("presence", user_id=strangers.ada.chat_id, state="online")
        await ada.send("receipt.read", conversation_id=here, seq=1)
        await eve.wait("receipt.updated", user_id=strangers.ada.chat_id, kind="read", seq=1)


async def test_what_is_declined_comes_no_more_and_its_sender_goes_on_as_before(strangers: Strangers) -> None:
    here = strangers.here
    async with strangers.socket(strangers.ada) as ada, strangers.socket(strangers.eve) as eve:
        await eve.wait("ack", client_id=await eve.say(here, "Do I know you?"))
        await eve.wait("message.created", seq=1)
        await ada.wait("message.created", seq=1)
        await db(requests.decline)(strangers.ada.chat_id, here)
        await ada.wait("conversation.removed", conversation_id=here, reason="declined")
        before = [one["type"] for one in eve.events]
        ada.events.clear()
        assert (await eve.wait("ack", client_id=await eve.say(here, "Hello?")))["seq"] == 2
        await ada.wait("error", client_id=await ada.say(here, "Who is there?"), code="not_found")
        await ada.send("sync", conversation_id=here, after_seq=0, after_rev=0)
        await ada.until(lambda: len(ada.all("error")) == 2)
        await asyncio.sleep(A_MOMENT)
        assert {one["type"] for one in ada.events} == {"error"}
        assert [one["type"] for one in eve.events] == [*before, "message.created", "ack"] or [
            one["type"] for one in eve.events
        ] == [*before, "ack", "message.created"]
    async with strangers.socket(strangers.ada) as again:
        await again.send("ping", cursors={})
        assert (await again.wait("pong"))["heads"] == {}
