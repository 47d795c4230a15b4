"""Compares what clients said, were promised and show with the log that MongoDB's majority holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bson import ObjectId
from pymongo.database import Database

from tests.faults.book import Line
from tests.faults.clients import Client

SHOWN = 10  # violations in a failure's words


def check(database: Database[Any], clients: Sequence[Client]) -> int:
    """Fails unless no message was lost, doubled or out of order; how many messages the log holds.

    `clients` are all that ever spoke in their conversations, and their outboxes must be empty.
    """
    logs = {here: log(database, here) for here in sorted({here for one in clients for here in one.books})}
    broken = [*_dense(logs), *(line for one in clients for line in _kept(one, logs))]
    assert not broken, f"{len(broken)} violations:\n" + "\n".join(broken[:SHOWN])
    return sum(map(len, logs.values()))


def log(database: Database[Any], conversation_id: str) -> list[Line]:
    """The log of a conversation, by `seq`."""
    found = database["messages"].find({"conversation_id": ObjectId(conversation_id)}, sort=[("seq", 1), ("_id", 1)])
    return [Line(one["seq"], str(one["_id"]), one["client_id"], one["sender_id"], one["content"]) for one in found]


def _dense(logs: dict[str, list[Line]]) -> Iterator[str]:
    for here, lines in logs.items():
        if [one.seq for one in lines] != list(range(1, len(lines) + 1)):
            yield f"{here}: seq is not dense from 1 to {len(lines)}"
        twice = [one for one, times in Counter((one.sender_id, one.client_id) for one in lines).items() if times > 1]
        yield from (f"{here}: stored twice: {one}" for one in twice)


def _kept(client: Client, logs: dict[str, list[Line]]) -> Iterator[str]:
    """What was said is stored once where it was promised, in the order it was said; what is shown is the log."""
    name, stored = client.person.username, {one.client_id: one for lines in logs.values() for one in lines}
    yield from (f"{name}: {one}" for one in client.outbox.refused)
    for said in client.outbox.said.values():
        found = stored.get(said.client_id)
        if found is None:
            yield f"{name}: {'acknowledged and lost' if said.acked_at else 'never stored'}: {said}"
        elif said.seq not in (None, found.seq) or found.content != said.content:
            yield f"{name}: promised {said}, stored {found}"
    for here, book in client.books.items():
        yield from (f"{name}: {one}" for one in book.contradictions)
        yield from _shown(f"{name} in {here}", book.lines, logs[here])
        said_here = [one.client_id for one in client.outbox.said.values() if one.conversation_id == here]
        own = [one.client_id for one in logs[here] if one.sender_id == client.person.id]
        if own != [one for one in said_here if one in stored]:
            yield f"{name} in {here}: not in the order it was said"


def _shown(where: str, shown: list[Line], wanted: list[Line]) -> Iterator[str]:
    if shown != wanted:
        at = next((place for place, pair in enumerate(zip(shown, wanted, strict=False)) if pair[0] != pair[1]), None)
        yield f"{where}: shows {len(shown)} of {len(wanted)} messages, differs at {at}"


def acked(clients: Iterable[Client]) -> int:
    """How many messages were acknowledged."""
    return sum(said.acked_at is not None for one in clients for said in one.outbox.said.values())
