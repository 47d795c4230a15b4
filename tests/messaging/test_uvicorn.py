"""The other server: what its sockets carry is what daphne's carry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async

from accounts.services import tokens
from chatsite.management.bench import frames
from messaging.services import conversations
from tests.live import LiveStack, running
from tests.messaging.test_half_frames import Scene, header
from tests.sockets import opened, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
LENGTHS = [1, 60, 5_000]  # characters: a frame's length is written in one byte or in three
NO_TEXT = 1007


@pytest.fixture(scope="module")
def uvicorn_stack(
    django_db_setup: None, mongo_collections: None, password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveStack]:
    with running(tmp_path_factory.mktemp("uvicorn"), password_hash, limits="off", server="uvicorn") as stack:
        yield stack


async def test_what_it_carries_is_whole_and_in_order(uvicorn_stack: LiveStack) -> None:
    """To many sockets, of any length, and as UTF-8; each client holds what came against the types."""
    ada, ben = [await sync_to_async(uvicorn_stack.person)(name) for name in ("ada", "ben")]
    here = await sync_to_async(conversations.create_group)(ada.chat_id, "Kites", [ben.chat_id])
    hers, his = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben)]
    said = [character * length for character in ("a", "é", "🪁") for length in LENGTHS]

    async with (
        signed_in(uvicorn_stack.socket_url, hers) as writer,
        signed_in(uvicorn_stack.socket_url, his) as reader,
        signed_in(uvicorn_stack.socket_url, his) as other,
    ):
        for content in said:
            await writer.say(here.id, content)
        for client in (reader, other):
            await client.until(lambda client=client: len(client.all("message.created")) == len(said))
            assert [one["message"]["content"] for one in client.all("message.created")] == said


async def test_what_is_no_text_ends_the_socket_without_a_traceback(uvicorn_stack: LiveStack) -> None:
    ada = await sync_to_async(uvicorn_stack.person)("ada")
    here = await sync_to_async(conversations.create_group)(ada.chat_id, "Kites", [])
    token = (await sync_to_async(tokens.issue)(ada)).access

    async with signed_in(uvicorn_stack.socket_url, token) as client:
        async with Scene(uvicorn_stack.socket_url, token, here, client).wire() as wire:
            assert await wire.code_after(header(frames.TEXT, 1) + b"\xc3") == NO_TEXT
        await client.wait("ack", client_id=await client.say(here.id, "still here"))
    assert b"Traceback" not in uvicorn_stack.log.read_bytes()


async def test_a_planned_stop_says_when_to_come_back(uvicorn_stack: LiveStack) -> None:
    ada = await sync_to_async(uvicorn_stack.person)("ada")
    token = (await sync_to_async(tokens.issue)(ada)).access
    try:
        async with signed_in(uvicorn_stack.socket_url, token) as client:
            await sync_to_async(uvicorn_stack.stop)()
            assert await client.closed() == 1012
            assert 0 <= (await client.wait("bye"))["reconnect_in_ms"] <= 5000
    finally:
        uvicorn_stack.start()
    async with opened(uvicorn_stack.socket_url, token) as client:
        await client.send("hello", cursors={})
        await client.wait("ready")
