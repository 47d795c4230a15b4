"""A simulated reader: asks for pages of history, or of people, over one connection that is kept open."""

from __future__ import annotations

import asyncio

import msgspec

from chatsite.management.bench.frames import ProtocolError
from chatsite.management.bench.job import Job, Seat

PAGE = 50  # messages
LENGTH = b"content-length:"


class Entry(msgspec.Struct):
    seq: int


class Page(msgspec.Struct):
    """Of an answer, what the bench looks at."""

    results: list[Entry]


class Person(msgspec.Struct):
    username: str
    display_name: str


class People(msgspec.Struct):
    results: list[Person]


class Message(msgspec.Struct):
    seq: int
    content: str


class Hit(msgspec.Struct):
    message: Message


class Hits(msgspec.Struct):
    results: list[Hit]
    complete: bool


decoder = msgspec.json.Decoder(Page)
people_decoder = msgspec.json.Decoder(People)
hits_decoder = msgspec.json.Decoder(Hits)


class Reader:
    """One connection of one seat."""

    def __init__(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], head: str) -> None:
        self._in, self._out = streams
        self._head = head

    async def get(self, address: str) -> bytes:
        """The answer's body. Raises ProtocolError for any status but 200, and what reading raises."""
        self._out.write(f"GET {address} HTTP/1.1\r\n{self._head}".encode())
        head = await self._in.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise ProtocolError(head.partition(b"\r\n")[0].decode("latin-1"))
        return await self._in.readexactly(_length(head))


async def connect(job: Job, seat: Seat) -> Reader:
    """Raises OSError."""
    lines = [
        f"Host: {job.host}:{job.port}",
        *(f"{name}: {value}" for name, value in seat.headers.items() if name == "Cookie"),
    ]
    streams = await asyncio.open_connection(job.host, job.port)
    return Reader(streams, "\r\n".join(lines) + "\r\n\r\n")


def is_newest(body: bytes, head: int) -> bool:
    """Whether this is the last page of a log that ends at `head`: whole, and in order."""
    return [one.seq for one in decoder.decode(body).results] == list(range(max(1, head - PAGE + 1), head + 1))


def begins(body: bytes, text: str) -> bool:
    """Whether each of these people has a name that begins with `text`, which is in lower case."""
    found = people_decoder.decode(body).results
    return all(one.username.lower().startswith(text) or one.display_name.lower().startswith(text) for one in found)


def finds(body: bytes, text: str, hits: int) -> bool:
    """Whether these are so many messages in which a word begins with `text`, the newest first."""
    found = hits_decoder.decode(body)
    places = [one.message.seq for one in found.results]
    meant = all(f" {text}" in f" {one.message.content}" for one in found.results)
    return meant and found.complete and len(places) == hits and places == sorted(set(places), reverse=True)


def _length(head: bytes) -> int:
    """Raises ProtocolError."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(LENGTH):
            return int(line[len(LENGTH) :])
    raise ProtocolError("an answer without a length")
