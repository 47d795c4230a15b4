"""Receipts: the cursors in `memberships` are the truth; who and when stands in the messages, see `names`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pymongo import UpdateMany
from pymongo.client_session import ClientSession

from chatsite import mongo
from chatsite.mongo.client import DURABLE, MAJORITY
from chatsite.types import ObjectId, UserId
from messaging.repositories import messages, names
from messaging.repositories.names import Kind, Passage

MEMBERS_WITH_NAMES = 256  # above that many members only the cursors are kept (PROTOCOL.md, "Receipts")
STRIDE = 1000  # messages that one transaction takes one person past at most
NAMES = 10_000  # that one transaction enters at most

Mark = tuple[ObjectId, UserId, Kind]
Marks = dict[Mark, int]
"""Who says to have got how far, where."""


@dataclass(frozen=True)
class Discretion:
    """What people keep to themselves: `private` tell nobody how far they got, and nobody hears it of someone who
    blocked them (`blocks`: whom each has blocked)."""

    private: Collection[UserId] = ()
    blocks: Mapping[UserId, Collection[UserId]] = field(default_factory=dict)


@dataclass(frozen=True)
class Moved:
    """A cursor that went forward: `kind` of `user_id` is now `seq`. `private`: for their own devices only."""

    conversation_id: ObjectId
    user_id: UserId
    kind: Kind
    seq: int
    private: bool = False


@dataclass(frozen=True)
class Step:
    """What one transaction did, and what it left for the next."""

    moved: list[Moved]
    rest: Marks


@dataclass(frozen=True, slots=True)
class _Move:
    """A seat's cursor, on its way past the messages `first` … `last`. `named`: the messages get to know."""

    seat: dict[str, Any]
    kind: Kind
    first: int
    last: int
    private: bool
    named: bool

    @property
    def mark(self) -> Mark:
        return self.seat["conversation_id"], self.seat["user_id"], self.kind

    @property
    def names(self) -> int:
        """How many messages it enters a name in."""
        return self.last - self.first + 1 if self.named else 0

    def cut(self, names: int) -> _Move:
        """The part of it that enters at most so many names."""
        return self if self.names <= names else replace(self, last=self.first + names - 1)


def advance(marks: Marks, discretion: Discretion, at: datetime) -> Step:
    """Moves these cursors forward, never back and never past the head, and enters people in the messages they pass.

    All of it is one transaction, for any number of conversations: what a cursor has passed is entered already, so each
    person stands at most once in each array, whatever is repeated and by however many processes at once. Who has not
    said yes to a message request tells its sender nothing: their way is as private as in private mode. It is bounded
    by STRIDE and NAMES; those with the shortest way go first, so that nobody waits for someone who opens an old
    conversation. Who is not in the conversation is left out. Reading is delivery too.
    """
    wanted = _wanted(marks)
    with_names = _with_names({here for here, _user, _kind in wanted})

    def together(session: ClientSession) -> Step:
        seats = _seats(wanted, session)
        asked = [
            _asked(seat, mark[2], seq, mark[1] in discretion.private or "request" in seat, mark[0] in with_names)
            for mark, seq in wanted.items()
            if (seat := seats.get(mark[:2]))
        ]
        moves, rest = _bounded(one for one in asked if one.first <= one.last)
        if moves:
            _move(moves, session)
            passages = [Passage(*one.mark, one.first, one.last) for one in moves if one.named]
            names.enter(passages, discretion.blocks, at, session)
        return Step([Moved(*one.mark, one.last, one.private) for one in moves], rest)

    return _transaction(together)


def count_as_read(here: ObjectId, before: int, head: int) -> None:
    """Who had got as far as `before` has got as far as `head`: nobody is told of what was read elsewhere."""
    there = {"conversation_id": here, "read_seq": {"$gte": before}}
    marks = {"delivered_seq": head, "read_seq": head}
    mongo.database()["memberships"].update_many(there, {"$max": marks})


def _transaction(together: Callable[[ClientSession], Step]) -> Step:
    with mongo.client().start_session() as session:
        return session.with_transaction(together, read_concern=MAJORITY, write_concern=DURABLE)


def _wanted(marks: Marks) -> Marks:
    """The marks up to the heads, and with every reading a delivery."""
    heads = messages.heads(list({here for here, _user, _kind in marks}))
    wanted: Marks = {}
    for (here, user, kind), claimed in marks.items():
        seq = min(claimed, heads[here])
        for implied in ("delivered", "read") if kind == "read" else ("delivered",):
            mark: Mark = (here, user, "read" if implied == "read" else "delivered")
            wanted[mark] = max(seq, wanted.get(mark, 0))
    return wanted


def _with_names(conversations: Collection[ObjectId]) -> set[ObjectId]:
    """Those of these conversations whose messages say who and when."""
    size = {"members": {"$size": "$participants"}}
    found = mongo.database()["conversations"].find({"_id": {"$in": list(conversations)}}, size)
    return {one["_id"] for one in found if one["members"] <= MEMBERS_WITH_NAMES}


def _seats(marks: Marks, session: ClientSession) -> dict[tuple[ObjectId, UserId], dict[str, Any]]:
    """The seats of these people in these conversations, and perhaps some more."""
    here = {"$in": list({conversation for conversation, _user, _kind in marks})}
    people = {"$in": list({user for _conversation, user, _kind in marks})}
    wanted = {"conversation_id": here, "user_id": people}
    found = mongo.database()["memberships"].find(wanted, {"draft": 0}, session=session)  # which may be long
    return {(one["conversation_id"], one["user_id"]): one for one in found}


def _asked(seat: dict[str, Any], kind: Kind, seq: int, private: bool, with_names: bool) -> _Move:
    """The way from where this person stands, to themselves or, in the open, to others. Nothing left: it is empty."""
    stands = seat[f"{kind}_seq"]
    from_here = stands if private else seat.get(f"shown_{kind}_seq", stands)
    return _Move(seat, kind, from_here + 1, seq, private, with_names and not private)


def _bounded(asked: Iterable[_Move]) -> tuple[list[_Move], Marks]:
    """As much of this as one transaction may do, and the marks that remain to be reached."""
    moves: list[_Move] = []
    rest: Marks = {}
    room = NAMES
    for one in sorted(asked, key=lambda move: move.names):
        part = one.cut(min(room, STRIDE))
        if part.last < one.last:
            rest[one.mark] = one.last
        if part.first <= part.last:
            moves.append(part)
            room -= part.names
    return moves, rest


def _move(moves: Iterable[_Move], session: ClientSession) -> None:
    """One update for all who get to the same place."""
    by_seat: defaultdict[ObjectId, dict[str, int | None]] = defaultdict(dict)
    for one in moves:
        by_seat[one.seat["_id"]] |= _cursors(one)
    together: defaultdict[tuple[tuple[str, int | None], ...], list[ObjectId]] = defaultdict(list)
    for seat, cursors in by_seat.items():
        together[tuple(sorted(cursors.items()))].append(seat)
    updates = [UpdateMany({"_id": {"$in": seats}}, _update(dict(cursors))) for cursors, seats in together.items()]
    mongo.database()["memberships"].bulk_write(updates, ordered=False, session=session)


def _cursors(move: _Move) -> dict[str, int | None]:
    """The fields of a seat after a move; None where a field goes."""
    own, shown = f"{move.kind}_seq", f"shown_{move.kind}_seq"
    stood = move.seat[own]
    after: dict[str, int | None] = {own: max(stood, move.last)}
    if move.kind == "read" and "marked_unread" in move.seat:
        after["marked_unread"] = None
    if move.private and shown not in move.seat:
        after[shown] = stood
    elif not move.private and shown in move.seat:
        after[shown] = move.last if move.last < stood else None
    return after


def _update(cursors: dict[str, int | None]) -> dict[str, dict[str, Any]]:
    kept = {name: seq for name, seq in cursors.items() if seq is not None}
    gone = dict.fromkeys(cursors.keys() - kept.keys(), "")
    return {"$set": kept, "$unset": gone} if gone else {"$set": kept}
