"""Telling those who are away of what was said meanwhile. Runs in the background, on what a moment brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chatsite.clock import now
from chatsite.errors import NotFound
from chatsite.realtime import presence
from chatsite.types import ObjectId, UserId, object_id
from messaging import access
from messaging.access import Seat
from messaging.documents import Membership
from messaging.services import members, messages, threads
from notifications import broadcasts, policy
from notifications.digest import Burst, Digest, News
from notifications.documents import KEEP, Notification, RelatedTo
from notifications.repositories import notifications
from notifications.services import reading


def tell(digest: Digest) -> None:
    """Each member who is away gets one unread notification a conversation; reading the conversation closes it."""
    reading.conversations_read(digest.readings)
    gone = _gone(digest.bursts) if digest.bursts else {}
    fresh = [one for here, people in gone.items() for one in _news(here, digest.bursts[here], people)]
    if fresh:
        notifications.follow(fresh)
        reading.conversations_read(_read_meanwhile(fresh))
        _show({UserId(one.user_id) for one in fresh}, digest.bursts)


def _read_meanwhile(fresh: Iterable[Notification]) -> dict[tuple[UserId, ObjectId], int]:
    """How far those who were just told have read by now: in another process they may have, between look and write."""
    told = {(UserId(one.user_id), object_id(one.content["conversation_id"])) for one in fresh}
    readers = {here: user for user, here in told}
    return {
        (UserId(one.user_id), here): one.read_seq
        for here, reader in readers.items()
        for one in _seats(reader, here)
        if (one.user_id, here) in told
    }


def _show(people: set[UserId], conversations: Iterable[ObjectId]) -> None:
    """Who came back while this was being written has a bell that does not know of it yet."""
    here = presence.online(people)
    if here:
        broadcasts.created(notifications.of_conversations(here, conversations), notifications.unread_of(here))


def _gone(conversations: Iterable[ObjectId]) -> dict[ObjectId, set[UserId]]:
    """Who of each of these conversations is away. Those where everybody is here, most of the busy ones, are left out:
    nothing more is asked about them."""
    inside = members.of(conversations)
    here = presence.online({one for people in inside.values() for one in people})
    return {place: gone for place, people in inside.items() if (gone := set(people) - here)}


def _news(conversation_id: ObjectId, burst: Burst, gone: set[UserId]) -> list[Notification]:
    """What to tell whom of this conversation, of those who are away."""
    away = policy.hearers("message", gone)
    seat = _seat(conversation_id, burst.counts) if away else None
    if seat is None:
        return []
    unheard = {sender: policy.unheard(sender, away) for sender in burst.counts}
    followed = _followed(conversation_id, burst)
    found = []
    for membership in _seats(seat.me, conversation_id):
        user = UserId(membership.user_id)
        if user not in away or membership.request is not None:  # a message request stays silent until its yes
            continue
        if membership.muted(now()) or membership.level == "nothing":
            continue
        heard = burst.calling(user, followed(user)) if membership.level == "mentions" else burst
        news = heard.news(user, membership.read_seq, [sender for sender, deaf in unheard.items() if user in deaf])
        if news is not None:
            found.append(_notification(user, seat.conversation.name, news))
    return found


def _followed(conversation_id: ObjectId, burst: Burst) -> Callable[[UserId], list[ObjectId]]:
    """In which of the threads that have grown somebody takes part: they began it, or have replied in it before."""
    known: dict[ObjectId, set[UserId]] = {}

    def of(user: UserId) -> list[ObjectId]:
        if burst.replies and not known:
            known.update(threads.participants(conversation_id, list(burst.replies)))
        return [root for root, people in known.items() if user in people]

    return of


def _seats(member: UserId, conversation_id: ObjectId) -> list[Membership]:
    """Everyone in the conversation; nobody when this member left it since."""
    try:
        return members.seats(member, conversation_id)
    except NotFound:
        return []


def _seat(conversation_id: ObjectId, senders: Iterable[UserId]) -> Seat | None:
    """The conversation through the door of one of its senders; None when all of them have left it since."""
    for sender in senders:
        try:
            return access.conversation(sender, conversation_id)
        except NotFound:
            continue
    return None


def _notification(user: UserId, name: str | None, news: News) -> Notification:
    latest = news.latest
    content = {
        "conversation_id": str(latest.conversation_id),
        "sender_id": latest.sender_id,
        "preview": messages.preview(latest),
        "seq": latest.seq,
        "count": news.count,
        "thread_id": str(latest.thread_id or ""),
    }
    return Notification(
        id=ObjectId(),
        user_id=user,
        type="message",
        content=content if name is None else {**content, "name": name},
        related_to=RelatedTo(type="message", id=str(latest.id)),
        created_at=latest.created_at,
        expires_at=latest.created_at + KEEP,
    )
