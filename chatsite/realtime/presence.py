"""Who is here now, and when they were last. Fleeting by nature: kept in Redis, or in the process when there is none.

Each process keeps the set of its own people in Redis and a mark that it lives; the set goes away with its process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

import redis
from django.conf import settings
from redis.exceptions import RedisError

from chatsite.cache import CONNECTION
from chatsite.keys import LAST_SEEN, PRESENCE
from chatsite.realtime.link import ORIGIN
from chatsite.types import UserId

log = logging.getLogger(__name__)
T = TypeVar("T")

REFRESH = 20.0  # seconds between two signs of life of a process for its people
PAUSE = 2.0  # seconds without asking again after Redis did not answer
ALIVE = PRESENCE("processes")
"""The processes by the time of their last sign of life."""


class Presence:
    """Counts this process's sockets per person and shares with the other processes who is here."""

    def __init__(self) -> None:
        self._here: Counter[UserId] = Counter()
        self._shared: set[UserId] = set()
        self._seen: dict[UserId, datetime] = {}
        self._lock = threading.Lock()
        self._refreshing: threading.Thread | None = None

    def arrive(self, user: UserId) -> None:
        """One more socket of this person, in this process. Others learn of it with `settle`."""
        with self._lock:
            self._here[user] += 1

    def depart(self, user: UserId) -> None:
        """One socket fewer."""
        with self._lock:
            self._here[user] -= 1
            if self._here[user] <= 0:
                del self._here[user]
                self._seen[user] = datetime.now(UTC)

    def settle(self, people: Iterable[UserId]) -> tuple[set[UserId], set[UserId]]:
        """Tells the other processes which of these people came to this one or left it since it was last called.

        Returns those who are online now and were nowhere before, and those who are nowhere any more. To be called by
        one thread.
        """
        asked = set(people)
        with self._lock:
            here = {one for one in asked if self._here[one] > 0}
            if self._refreshing is None:
                self._refreshing = threading.Thread(target=self._refresh, name="presence", daemon=True)
                self._refreshing.start()
        came, went = here - self._shared, (asked & self._shared) - here
        self._shared = (self._shared | came) - went
        _ask("presence cannot be shared", partial(self._share, came=came, went=went), None)
        elsewhere = _elsewhere(came | went)
        return came - elsewhere, went - elsewhere

    def online(self, users: Iterable[UserId]) -> set[UserId]:
        """Those of `users` who have a socket open in any process."""
        asked = set(users)
        here = {one for one in asked if self._here[one] > 0}
        return here | _elsewhere(asked - here)

    def shown(self, users: Iterable[UserId]) -> set[UserId]:
        """Those of `users` whom others may still take to be here: as `online`, and those who left since `settle`."""
        asked = set(users)
        return self.online(asked) | (asked & self._shared)

    def last_seen(self, user: UserId) -> datetime | None:
        """When this person's last socket closed; None when that is unknown or they are here."""
        kept: Any = _ask("last seen is unknown", lambda client: client.get(LAST_SEEN(user)), None)
        return datetime.fromtimestamp(float(kept), UTC) if kept else self._seen.get(user)

    def _share(self, client: redis.Redis, came: Collection[UserId], went: Collection[UserId]) -> None:
        with client.pipeline(transaction=False) as pipe:
            _sign_of_life(pipe)
            if came:
                pipe.sadd(PRESENCE(ORIGIN), *came)
            if went:
                pipe.srem(PRESENCE(ORIGIN), *went)
            pipe.expire(PRESENCE(ORIGIN), PRESENCE.ttl or 0)
            for user in went:
                pipe.set(LAST_SEEN(user), time.time(), ex=LAST_SEEN.ttl)
            pipe.execute()

    def _refresh(self) -> None:
        while True:
            time.sleep(REFRESH)
            with self._lock:
                here = list(self._here)
            _ask("presence cannot be refreshed", partial(self._share, came=here, went=()), None)


def _elsewhere(asked: Collection[UserId]) -> set[UserId]:
    """Those of these people whom another living process has."""

    def ask(client: redis.Redis) -> set[UserId]:
        living: Any = client.zrangebyscore(ALIVE, time.time() - (PRESENCE.ttl or 0), "inf")
        others = {str(one, "ascii") for one in living} - {ORIGIN}
        people = list(asked)
        with client.pipeline(transaction=False) as pipe:
            for one in others:
                pipe.smismember(PRESENCE(one), people)
            answers = pipe.execute() if others else []
        return {one for there in answers for one, is_there in zip(people, there, strict=True) if is_there}

    return _ask("presence of other processes is unknown", ask, set()) if asked else set()


def _sign_of_life(pipe: Any) -> None:
    pipe.zadd(ALIVE, {ORIGIN: time.time()})
    pipe.zremrangebyscore(ALIVE, "-inf", time.time() - (PRESENCE.ttl or 0))
    pipe.expire(ALIVE, PRESENCE.ttl or 0)


_silent_until = 0.0


def _ask(trouble: str, question: Callable[[redis.Redis], T], otherwise: T) -> T:
    """What Redis says; `otherwise` where there is none or it does not answer, now or a moment ago."""
    global _silent_until
    client = _client()
    if client is None or time.monotonic() < _silent_until:
        return otherwise
    try:
        return question(client)
    except RedisError as error:
        _silent_until = time.monotonic() + PAUSE
        log.warning("%s: %s", trouble, error)
        return otherwise


@lru_cache(maxsize=1)
def _client() -> redis.Redis | None:
    if not settings.REDIS_URL:
        return None
    return redis.Redis.from_url(settings.REDIS_URL, **CONNECTION)


presence = Presence()
online = presence.online
shown = presence.shown
last_seen = presence.last_seen
