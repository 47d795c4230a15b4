"""A block ends what the two of a private conversation can send each other, live as well."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from asgiref.sync import sync_to_async

from accounts.services import relationships, tokens
from chatsite.memory import MOMENT
from chatsite.types import UserId
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
SOON = 2.0  # seconds (PROTOCOL.md, "When a right ends")


@pytest.fixture
def stage(live_stack: LiveStack, transactional_db: None) -> tuple[str, str, str, str]:
    """The private conversation of ada and cleo, cleo's id, and an access token for each."""
    ada, cleo = live_stack.person("ada"), live_stack.person("cleo")
    here, _ = conversations.start_private(ada.chat_id, cleo.chat_id)
    return str(here.id), str(cleo.pk), tokens.issue(ada).access, tokens.issue(cleo).access


async def test_after_a_block_neither_writes_nor_is_seen_typing(
    live_stack: LiveStack, stage: tuple[str, str, str, str]
) -> None:
    here, cleo_id, ada_token, cleo_token = stage
    assert MOMENT < SOON
    async with (
        signed_in(live_stack.socket_url, ada_token) as ada,
        signed_in(live_stack.socket_url, cleo_token) as cleo,
    ):
        await cleo.send("typing", conversation_id=here, on=True)
        await ada.wait("typing")
        await ada.wait(
            "message.created", seq=(await cleo.wait("ack", client_id=await cleo.say(here, "balloons?")))["seq"]
        )
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {ada_token}"}) as browser:
            block = {"user_id": cleo_id, "type": "blocked"}
            assert (await browser.post(f"{live_stack.url}/api/v1/relationships/", json=block)).status_code == 201
        await asyncio.sleep(MOMENT)
        ada.events.clear()
        for client in (cleo, ada):
            assert (await client.wait("error", client_id=await client.say(here, "hello?")))["code"] == "forbidden"
        await cleo.send("typing", conversation_id=here, on=True)
        await cleo.until(lambda: len(cleo.all("error")) == 2)
        assert not ada.all("typing") and not ada.all("message.created")


async def test_a_send_that_was_stored_before_the_block_is_answered_when_it_is_repeated(
    live_stack: LiveStack, stage: tuple[str, str, str, str]
) -> None:
    here, cleo_id, ada_token, _cleo_token = stage
    ada_id = str((await sync_to_async(tokens.read_access)(ada_token)).user)
    async with signed_in(live_stack.socket_url, ada_token) as ada:
        mine = await ada.say(here, "balloons?")
        first = await ada.wait("ack", client_id=mine)
        await sync_to_async(relationships.block)(UserId(cleo_id), UserId(ada_id))
        await asyncio.sleep(MOMENT)
        assert (await ada.wait("error", client_id=await ada.say(here, "hello?")))["code"] == "forbidden"
        ada.events.clear()
        await ada.say(here, "balloons?", mine)
        assert await ada.wait("ack", client_id=mine) == first
        assert not ada.all("message.created")
