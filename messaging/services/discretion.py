"""Who tells whom how far they got: private mode, and blocks.

What others see of a person follows from what that person did in the open, and from nothing else. So the marks of
private mode are kept beside the shown ones; and after a block the blocked one goes on seeing what was so before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from accounts import policy
from accounts.services import settings
from chatsite.memory import Memory
from chatsite.postgres import absence
from chatsite.types import UserId
from messaging.documents import Membership, Message, Receipt
from messaging.repositories import conversations, names
from messaging.repositories.receipts import Discretion

_private: Memory[UserId, bool] = Memory()
"""Who is in private mode."""
_blocked: Memory[UserId, frozenset[UserId]] = Memory()
"""Whom each of these people has blocked."""


def of(people: Collection[UserId]) -> Discretion:
    """What these people keep to themselves. Two queries for all who were not asked for within the last moment."""
    silent, blocks = _private.recall(people, _ask_private), _blocked.recall(people, _ask_blocked)
    return Discretion(
        frozenset(one for one in people if silent[one]),
        {one: theirs for one, theirs in blocks.items() if theirs},
    )


def forget(user: UserId) -> None:
    """What they keep to themselves was changed: ask again."""
    _private.forget(user)
    _blocked.forget(user)


def _ask_private(people: list[UserId]) -> dict[UserId, bool]:
    found = settings.switched_off("receipts", people)
    return {one: one in found for one in people}


def _ask_blocked(people: list[UserId]) -> dict[UserId, frozenset[UserId]]:
    found = policy.blocked_by(people)
    return {one: frozenset(found.get(one, ())) for one in people}


@dataclass(frozen=True)
class Sight:
    """What one person gets to see of others' receipts: nothing in private mode, nor what is said behind a block."""

    me: UserId
    receipts: bool
    blockers: Mapping[UserId, datetime]
    """Those who have blocked this person, and since when."""

    @property
    def full(self) -> bool:
        """Whether this person sees all that is told to anyone."""
        return self.receipts and not self.blockers

    def seats(self, all_seats: Iterable[Membership]) -> list[Membership]:
        """Seats with the cursors that are shown to this person; one's own is as it is."""
        return [one if one.user_id == self.me else self._seat(one) for one in all_seats]

    def messages(self, found: Sequence[Message]) -> list[Message]:
        """Messages with the names that are shown to this person. Of one that they have deleted for themself only its
        place is left."""
        shown = [one if one.hidden_for is None else self._unless_hidden(one) for one in found]
        if self.full:
            return shown
        return [
            msgspec.structs.replace(one, delivered_to=self._names(one.delivered_to), read_by=self._names(one.read_by))
            for one in shown
        ]

    def _unless_hidden(self, one: Message) -> Message:
        if self.me not in (one.hidden_for or ()):
            return msgspec.structs.replace(one, hidden_for=None)
        empty: dict[str, list[Any]] = {"attachments": [], "mentions": [], "reactions": []}
        return msgspec.structs.replace(
            one, hidden_for=[self.me], content="", reply_to=None, pinned_at=None, previews=None, **empty
        )

    def _seat(self, seat: Membership) -> Membership:
        if not self.receipts:
            return _at(seat, seat.joined_seq, seat.joined_seq)
        delivered, read = shown(seat)
        since = self.blockers.get(UserId(seat.user_id))
        if since is not None:
            delivered, read = _before(seat, since)
        return _at(seat, delivered, read)

    def _names(self, receipts: list[Receipt]) -> list[Receipt]:
        return [one for one in receipts if self._told(one)] if self.receipts else []

    def _told(self, receipt: Receipt) -> bool:
        since = self.blockers.get(UserId(receipt.user_id))
        return since is None or receipt.timestamp < since


def sight(me: UserId) -> Sight:
    """As `sights`, for one person."""
    return sights([me])[me]


def sights(people: Collection[UserId]) -> dict[UserId, Sight]:
    """What each of these people gets to see. Two queries for all who were not asked for within the last moment.
    While PostgreSQL is away nobody is shown any receipt: the messages come all the same."""

    def ask() -> dict[UserId, Sight]:
        silent, blockers = _private.recall(people, _ask_private), policy.blockers_of(people)
        return {one: Sight(one, not silent[one], blockers[one]) for one in people}

    return absence.or_known(ask, {one: Sight(one, False, {}) for one in people})


class Told(NamedTuple):
    """What a person's sockets hear of others, since others hear it of them: how far they got, and when they type."""

    receipts: bool
    typing: bool


def told(people: Collection[UserId]) -> dict[UserId, Told]:
    """What each of these people is told. One query."""
    off = settings.off(["receipts", "typing"], people)
    return {one: Told(one not in off["receipts"], one not in off["typing"]) for one in people}


def shown(seat: Membership) -> tuple[int, int]:
    """How far others may know someone to have got: (delivered, read)."""
    delivered, read = seat.shown_delivered_seq, seat.shown_read_seq
    return seat.delivered_seq if delivered is None else delivered, seat.read_seq if read is None else read


def for_everyone(message: Message) -> Message:
    """A message with the names that may be told to everyone who sees receipts: without those of people who have
    blocked one of the others in the conversation. A fetch shows those to whom they may be shown. Nobody is told who
    has deleted it for themself."""
    message = msgspec.structs.replace(message, hidden_for=None)
    blocks = of({UserId(one.user_id) for one in [*message.delivered_to, *message.read_by]}).blocks
    if not blocks:
        return message
    here = conversations.by_id(message.conversation_id)
    there = set(here.participants) if here else set()
    silent = {one for one, blocked in blocks.items() if there & blocked}  # type: ignore[operator]
    return msgspec.structs.replace(
        message,
        delivered_to=[one for one in message.delivered_to if one.user_id not in silent],
        read_by=[one for one in message.read_by if one.user_id not in silent],
    )


def _at(seat: Membership, delivered: int, read: int) -> Membership:
    return msgspec.structs.replace(
        seat, delivered_seq=delivered, read_seq=read, shown_delivered_seq=None, shown_read_seq=None
    )


def _before(seat: Membership, since: datetime) -> tuple[int, int]:
    """How far someone had got when they set a block, as the messages tell; the seat itself has moved on."""
    here, user = seat.conversation_id, UserId(seat.user_id)
    delivered = names.last_before(here, user, "delivered", since, seat.joined_seq)
    return delivered, names.last_before(here, user, "read", since, seat.joined_seq)
