"""What was said in a moment, drawn together: a burst of messages becomes one piece of news for each member."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chatsite.types import ObjectId, UserId
from messaging.documents import Message
from messaging.services import mentions

CONVERSATIONS_MAX = 10_000  # with news that was not yet told; what comes beyond is not told


@dataclass(frozen=True)
class News:
    """What is new in a conversation for someone: how many messages of others, and the latest of them."""

    latest: Message
    count: int


@dataclass
class Burst:
    """The messages of one conversation: per sender how many there were, and the latest."""

    counts: Counter[UserId] = field(default_factory=Counter)
    latest: dict[UserId, Message] = field(default_factory=dict)
    named: dict[UserId | None, Burst] = field(default_factory=dict)
    """Those of them that name somebody, by whom; None: everybody."""
    replies: dict[ObjectId, list[tuple[Message, set[UserId | None]]]] = field(default_factory=dict)
    """Those of them that are in threads, by the message each begins with, and whom each of them names."""

    def add(self, message: Message) -> None:
        self._count(message)
        named = _named(message)
        for who in named if None not in named else (None,):
            self.named.setdefault(who, Burst())._count(message)
        if message.thread_id is not None:
            self.replies.setdefault(message.thread_id, []).append((message, named))

    def calling(self, user: UserId, roots: Iterable[ObjectId] = ()) -> Burst:
        """Those that name this person, or everybody, or are in one of these threads."""
        found = Burst()
        for message, named in (one for root in roots for one in self.replies.get(root, ())):
            if not named & {user, None}:
                found._count(message)
        for one in (self.named[who] for who in (user, None) if who in self.named):
            found.counts.update(one.counts)
            for sender, message in one.latest.items():
                found._keep(sender, message)
        return found

    def _count(self, message: Message) -> None:
        sender = UserId(message.sender_id)
        self.counts[sender] += 1
        self._keep(sender, message)

    def _keep(self, sender: UserId, message: Message) -> None:
        known = self.latest.get(sender)
        if known is None or known.seq < message.seq:
            self.latest[sender] = message

    def news(self, user: UserId, read_seq: int, unheard: Iterable[UserId] = ()) -> News | None:
        """What this person has not read and hears of; nothing from themself or from senders in `unheard`."""
        senders = self.counts.keys() - {user, *unheard}
        latest = max((self.latest[one] for one in senders), key=lambda message: message.seq, default=None)
        if latest is None or latest.seq <= read_seq:
            return None
        return News(latest, min(sum(self.counts[one] for one in senders), latest.seq - read_seq))


def _named(message: Message) -> set[UserId | None]:
    named: set[UserId | None] = {UserId(one) for one in message.mentions}
    if mentions.everyone(message.content):
        named.add(None)
    return named


@dataclass
class Digest:
    """Everything that happened in a moment: bursts by conversation, and how far whom has read where."""

    bursts: dict[ObjectId, Burst] = field(default_factory=dict)
    readings: dict[tuple[UserId, ObjectId], int] = field(default_factory=dict)
    dropped: int = 0

    def __bool__(self) -> bool:
        return bool(self.bursts or self.readings)

    def add(self, message: Message) -> None:
        burst = self.bursts.get(message.conversation_id)
        if burst is None:
            if len(self.bursts) >= CONVERSATIONS_MAX:
                self.dropped += 1
                return
            burst = self.bursts[message.conversation_id] = Burst()
        burst.add(message)

    def read(self, user: UserId, conversation_id: ObjectId, seq: int) -> None:
        place = user, conversation_id
        if place in self.readings or len(self.readings) < CONVERSATIONS_MAX:
            self.readings[place] = max(seq, self.readings.get(place, 0))
        else:
            self.dropped += 1
