"""What a socket needs to know of its person: their conversations, who may see them come and go."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import connections

from accounts import policy
from chatsite.clock import iso
from chatsite.realtime import hub, presence
from chatsite.realtime.hub import user_topic
from chatsite.realtime.protocol import Presence, array, encode
from chatsite.realtime.publication import Publication
from chatsite.types import ObjectId, UserId
from messaging.access import NOBODY
from messaging.repositories import conversations, requests
from messaging.repositories.conversations import Sketch
from messaging.services.company import company

log = logging.getLogger(__name__)
GATHER = 0.2  # seconds between two announcements: who came and went in the meantime did neither

Tell = Callable[[str], None]
"""Takes a frame with the people who are here."""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation as a socket keeps it: enough to send there without asking the database."""

    id: ObjectId
    partner: UserId | None
    """As `access.partner`."""
    waiting: bool = False
    """Whether it is a message request that has no yes from this person yet."""


Places = dict[str, Place]
"""All conversations of a person, by id as hex."""


def places(people: Sequence[UserId]) -> dict[UserId, Places]:
    """All conversations of each of these people, but for those they have put away: declined, or with someone they
    block. Members of a group share its place: there are many of them."""
    # sockets keep to this until they look again, so what was believed a moment ago will not do
    blocked, pending = policy.blocking(people, now=True), requests.of_people(people)
    shared: dict[ObjectId, Place] = {}
    found: dict[UserId, Places] = {}
    for me, theirs in conversations.sketches(people).items():
        seated = (_place(one, me, pending[me].get(one.id) == "waiting", shared) for one in theirs)
        found[me] = {
            str(one.id): one
            for one in seated
            if one.partner is None or (one.partner not in blocked[me] and pending[me].get(one.id) != "declined")
        }
    return found


def _place(sketch: Sketch, me: UserId, waiting: bool, shared: dict[ObjectId, Place]) -> Place:
    if sketch.type == "private":
        return Place(sketch.id, next((UserId(one) for one in sketch.pair if one != me), NOBODY), waiting)
    return shared.setdefault(sketch.id, Place(sketch.id, None))


class Attendance:
    """Tells people who of their company comes and goes, gathered for a moment: when everyone comes back at once, each
    hears of all others in one frame, and the databases are asked once for all."""

    def __init__(self) -> None:
        self._moved: dict[UserId, Collection[Place]] = {}
        self._asking: defaultdict[UserId, list[Tell]] = defaultdict(list)
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def arrive(self, me: UserId, where: Collection[Place], tell: Tell) -> None:
        """One more socket of this person, who sits in these places; `tell` is called with who of their company is here,
        if anybody is."""
        presence.presence.arrive(me)
        with self._wake:
            self._asking[me].append(tell)
            self._touch(me, where)

    def depart(self, me: UserId, where: Collection[Place]) -> None:
        """One socket fewer."""
        presence.presence.depart(me)
        with self._wake:
            self._touch(me, where)

    def _touch(self, me: UserId, where: Collection[Place]) -> None:
        self._moved[me] = where
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="attendance", daemon=True)
            self._thread.start()
        self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._moved:
                    self._wake.wait()
            self.flush()
            time.sleep(GATHER)

    def flush(self) -> None:
        """Tells what happened since it was last called. What cannot be told now is forgotten: presence is fleeting."""
        with self._wake:
            moved, self._moved = self._moved, {}
            asking, self._asking = self._asking, defaultdict(list)
        try:
            _announce(moved, asking)
        except Exception as error:
            log.warning("who came and went could not be told: %s", error)
        finally:
            connections.close_all()


def _announce(moved: dict[UserId, Collection[Place]], asking: dict[UserId, list[Tell]]) -> None:
    came, went = presence.presence.settle(moved)
    seen = company({one: moved[one] for one in {*came, *went, *asking}})
    here = presence.online({one for around in seen.values() for one in around})
    frames: defaultdict[UserId, list[str]] = defaultdict(list)
    for user in came | went:
        text = encode(_state(user, user in came))
        for one in seen[user] & here:
            frames[one].append(text)
    events = (Publication(user_topic(one), array(texts), "presence", fleeting=True) for one, texts in frames.items())
    hub.hub.publish(*events)
    for user, tells in asking.items():
        around = [encode(_state(one, True)) for one in seen[user] & here]
        for tell in tells if around else ():
            tell(array(around))
    _take_back({one: seen[one] & here for one in {*came, *asking}})


def _take_back(told: dict[UserId, set[UserId]]) -> None:
    """Each of these people was just told that the others are here, and the others that they are. A block that came
    about meanwhile has said that they are gone, perhaps before that: it is said again."""
    # After it was told: a block that is not seen here comes later, and so does what it says.
    blocks = policy.blocks_of(one for one, others in told.items() if others)
    for one, others in blocks.items():
        for other in others & told[one]:
            hub.publish_to_users([one], Presence(user_id=other, state="offline"), fleeting=True)
            hub.publish_to_users([other], Presence(user_id=one, state="offline"), fleeting=True)


def _state(user: UserId, online: bool) -> Presence:
    if online:
        return Presence(user_id=user, state="online")
    seen = presence.last_seen(user)
    return Presence(user_id=user, state="offline", last_seen=None if seen is None else iso(seen))


def introduce(one: UserId, other: UserId) -> None:
    """Tells two people whether the other is here, where they see each other from now on."""
    seated = {me: list(theirs.values()) for me, theirs in places([one, other]).items()}
    if other not in company(seated)[one]:
        return
    here = presence.online({one, other})
    pairs = [(me, them) for me, them in ((one, other), (other, one)) if me in here and them in here]
    for me, them in pairs:
        hub.publish_to_users([me], _state(them, True), fleeting=True)
    _take_back({one: {other}} if pairs else {})


attendance = Attendance()
arrive = attendance.arrive
depart = attendance.depart
