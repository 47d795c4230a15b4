"""A person's conversations, as the sidebar and the API list them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from accounts import policy
from chatsite.clock import now
from chatsite.errors import ChatError, Invalid
from chatsite.types import ObjectId, UserId, object_id
from chatsite.web.pagination import pack, unpack
from messaging.access import Seat, partner
from messaging.documents import Conversation, Membership
from messaging.repositories import conversations, messages, requests
from messaging.repositories.conversations import Position
from messaging.repositories.projector import projector
from messaging.services import hiding

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One conversation of a person, their seat in it, and how many messages of others they have not read. `answered`:
    whether everyone in it has said yes to it, so that they see each other there."""

    conversation: Conversation
    membership: Membership
    unread: int
    answered: bool = True

    @property
    def place(self) -> tuple[bool, datetime]:
        """Where it stands in the list, which is in falling order: what is pinned comes first."""
        return self.membership.pinned_at is not None, self.conversation.last_message_at or NEVER


@dataclass(frozen=True)
class Lists:
    """All conversations of a person: those in their list, the requests that wait for their yes, and what they put into
    the archive."""

    rows: list[Row]
    requests: list[Row]
    archived: list[Row]


@dataclass(frozen=True)
class Page:
    """Some conversations of a person. `next` is the word that continues after them; None where nothing follows."""

    rows: list[Row]
    next: str | None


def rows(me: UserId) -> list[Row]:
    """The conversations of this person, those with the latest message first, but for what is pinned.

    A private one that somebody else opened appears with its first message, not before; one with someone they block, or
    that they declined, not at all.
    """
    return lists(me).rows


def lists(me: UserId) -> Lists:
    """As `rows`, and beside them the message requests and the archive."""
    away = policy.blocking([me])[me]
    theirs = [one for one in conversations.of_person(me) if partner(one, me) not in away]
    found = [row for row in _rows(me, theirs) if _shows(row.conversation, me)]
    found.sort(key=lambda row: row.place, reverse=True)
    answered = [one for one in found if one.membership.request is None]
    moment = now()
    archived = {one.conversation.id for one in answered if _away(one, moment)}
    return Lists(
        [one for one in answered if one.conversation.id not in archived],
        [one for one in found if one.membership.request == "waiting"],
        [one for one in answered if one.conversation.id in archived],
    )


def _away(row: Row, moment: datetime) -> bool:
    return row.membership.archived(row.conversation.last_seq, moment)


def page(me: UserId, limit: int, after: Position | None = None, *, requested: bool = False) -> Page:
    """As `rows`, or the requests, `limit` at a time: `after` is the `position` of the page before's `next`."""
    pending = requests.of_people([me])[me]
    waiting = [one for one, state in pending.items() if state == "waiting"]
    among = {"$in": waiting} if requested else {"$nin": list(pending)}
    found = conversations.page_of_person(me, limit + 1, after, among, policy.blocking([me])[me])
    following = word(found[limit - 1]) if len(found) > limit else None
    return Page(_rows(me, found[:limit]), following)


def row(seat: Seat) -> Row:
    """One conversation as `rows` shows it, for someone whose seat is known."""
    (shown,) = _mended([seat.conversation])
    answered = not requests.unanswered([shown.id])
    shown = hiding.without_hidden(seat.me, shown, seat.membership)
    return Row(shown, seat.membership, unread(seat.me, seat.membership), answered)


def position(word: str) -> Position | None:
    """A `next` that came back in an address, as `page` takes it; None for an empty one. Raises Invalid."""
    if not word:
        return None
    at, last = unpack(word, 2)
    try:
        return (datetime.fromtimestamp(int(at) / 1000, UTC) if at else None), object_id(last)
    except (ValueError, OverflowError, OSError, ChatError):
        raise Invalid(_("This page does not exist."), fields={"cursor": [_("This page does not exist.")]}) from None


def word(last: Conversation) -> str:
    """What continues a list after this one: `position` reads it."""
    at = last.last_message_at
    return pack("" if at is None else str(round(at.timestamp() * 1000)), str(last.id))


def _rows(me: UserId, shown: Iterable[Conversation]) -> list[Row]:
    seats = {here: one for here, one in conversations.seats_of_person(me).items() if one.request != "declined"}
    found = _mended([one for one in shown if one.id in seats])
    unanswered = requests.unanswered(one.id for one in found if one.type == "private")
    unread = messages.unread(
        me, {one.id: seats[one.id].read_seq for one in found if one.last_seq > seats[one.id].read_seq}
    )
    found = [hiding.without_hidden(me, one, seats[one.id]) for one in found]
    return [Row(one, seats[one.id], unread.get(one.id, 0), one.id not in unanswered) for one in found]


def _mended(found: list[Conversation]) -> list[Conversation]:
    """The conversations with what they show of their log as it is: a process that died may have left them behind."""
    heads = messages.heads([one.id for one in found])
    newest = {one.id: messages.before(one.id, None, 1)[0] for one in found if heads[one.id] > one.last_seq}
    projector.add(list(newest.values()))
    return [conversations.projected(one, newest[one.id]) if one.id in newest else one for one in found]


def _shows(conversation: Conversation, me: UserId) -> bool:
    return conversation.type == "group" or conversation.last_seq > 0 or conversation.created_by == me


def unread(me: UserId, membership: Membership) -> int:
    """How many messages of others this person has not read in one conversation: counted from the log."""
    counted = messages.unread(me, {membership.conversation_id: membership.read_seq})
    return counted.get(membership.conversation_id, 0)


def heads(ids: Sequence[ObjectId]) -> dict[ObjectId, tuple[int, int]]:
    """[seq, rev] of each conversation: `seq` from the log itself, so it is never behind what was acknowledged."""
    seqs, revs = messages.heads(ids), conversations.revs(ids)
    return {one: (seqs[one], revs.get(one, 0)) for one in ids}
