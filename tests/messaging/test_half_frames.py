"""Bytes that are no whole frames: they wait, or end the socket, and disturb nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async

from accounts.services import tokens
from chatsite.management.bench import frames
from messaging.documents import Conversation
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
PATIENCE = 5.0  # seconds
SILENCE = 0.3  # seconds within which an answer would have come
PROTOCOL_ERROR, NO_TEXT, TOO_BIG = 1002, 1007, 1009  # RFC 6455, section 7.4
CONTINUATION = 0x0
NO_MASK = b"\0\0\0\0"


def header(opcode: int, size: int, *, final: bool = True) -> bytes:
    """Of a frame masked with zeros, whose body is sent as it is."""
    first, mask = (frames.FINAL if final else 0) | opcode, 0x80
    if size < 126:
        return bytes((first, mask | size)) + NO_MASK
    if size < 1 << 16:
        return bytes((first, mask | 126)) + size.to_bytes(2, "big") + NO_MASK
    return bytes((first, mask | 127)) + size.to_bytes(8, "big") + NO_MASK


def fragment(body: bytes, opcode: int = CONTINUATION) -> bytes:
    """A part of a message that goes on."""
    return header(opcode, len(body), final=False) + body


PING = b'{"type":"ping"}'
WAITING = {
    "a fragment without end": fragment(PING, frames.TEXT),
    "ten thousand fragments without end": fragment(b"", frames.TEXT) + 10_000 * fragment(b" "),
    "a header without its body": header(frames.TEXT, 60_000),
    "half a header": header(frames.TEXT, 60_000)[:5],
    "half a body": header(frames.TEXT, 60_000) + b"x" * 30_000,
    "a good frame and half of one": frames.frame(PING) + frames.frame(PING)[:-3],
}
ENDING = {
    "a header that announces ten megabytes": (header(frames.TEXT, 10_000_000), TOO_BIG),
    "fragments of ten megabytes together": (
        fragment(b"x" * 1_000_000, frames.TEXT) + 9 * fragment(b"x" * 1_000_000),
        TOO_BIG,
    ),
    "a continuation of nothing": (fragment(b"x"), PROTOCOL_ERROR),
    "a message inside another": (fragment(b"x", frames.TEXT) * 2, PROTOCOL_ERROR),
    "reserved bits": (b"\xf1\x80" + NO_MASK, PROTOCOL_ERROR),
    "an unknown opcode": (header(0xB, 0), PROTOCOL_ERROR),
    "no mask": (b"\x81\x02{}", PROTOCOL_ERROR),
    "a ping of two hundred bytes": (b"\x89\xfe\x00\xc8" + NO_MASK + b"x" * 200, PROTOCOL_ERROR),
    "half a character": (header(frames.TEXT, 1) + b"\xc3", NO_TEXT),
}


@dataclass
class Wire:
    """A connection on which a handshake was made; what follows is bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def silent(self) -> bool:
        """Whether it is open and nothing but events came within SILENCE."""
        return not await self._closing(SILENCE)

    async def code_after(self, data: bytes) -> int | None:
        """How the server ends it within PATIENCE; None when it does not, or without a word.

        Reads while the data leaves: the server may hang up before it has all of it, and what is not read by then is
        lost.
        """
        self.writer.write(data)
        body = await self._closing(PATIENCE)
        return int.from_bytes(body[:2], "big") if body else None

    async def _closing(self, within: float) -> bytes | None:
        received = frames.Reader()
        try:
            async with asyncio.timeout(within):
                while data := await self.reader.read(65536):
                    for opcode, body in received.feed(data):
                        if opcode == frames.CLOSE:
                            return body
                return b""
        except TimeoutError:
            return None


@dataclass(frozen=True)
class Scene:
    url: str
    token: str
    here: Conversation
    ben: Client

    @asynccontextmanager
    async def wire(self) -> AsyncIterator[Wire]:
        """ada's own client."""
        parts = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        key = frames.new_key()
        writer.write(frames.request(parts.netloc, "/ws/", key, {"Authorization": f"Bearer {self.token}"}))
        frames.check_answer(await reader.readuntil(b"\r\n\r\n"), key)
        try:
            yield Wire(reader, writer)
        finally:
            writer.transport.abort()


@pytest_asyncio.fixture
async def scene(live_stack: LiveStack, transactional_db: None) -> AsyncIterator[Scene]:
    """In the end ben still talks, and nothing broke."""
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    here = await sync_to_async(conversations.create_group)(ada.chat_id, "Kites", [ben.chat_id])
    hers, his = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben)]
    logged = live_stack.log.stat().st_size
    async with signed_in(live_stack.socket_url, his) as client:
        yield Scene(live_stack.socket_url, hers, here, client)
        await client.wait("ack", client_id=await client.say(here.id, "still here"))
    assert b"Traceback" not in live_stack.log.read_bytes()[logged:]


@pytest.mark.parametrize("sent", WAITING)
async def test_what_is_not_complete_waits_and_goes_with_its_connection(scene: Scene, sent: str) -> None:
    async with scene.wire() as ada:
        await ada.send(WAITING[sent])
        assert await ada.silent()
        await scene.ben.wait("ack", client_id=await scene.ben.say(scene.here.id, "meanwhile"))


@pytest.mark.parametrize("sent", ENDING)
async def test_what_is_no_frame_ends_the_socket(scene: Scene, sent: str) -> None:
    data, code = ENDING[sent]
    async with scene.wire() as ada:
        assert await ada.code_after(data) == code


async def test_bytes_may_come_one_by_one(scene: Scene) -> None:
    async with scene.wire() as ada:
        for byte in frames.frame(b'{"type":"hello"}') + frames.frame(PING):
            await ada.send(bytes([byte]))
        received = frames.Reader()
        async with asyncio.timeout(PATIENCE):
            while not any(b'"pong"' in body for _, body in received.feed(await ada.reader.read(65536))):
                pass
