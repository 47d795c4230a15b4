"""Who is here now, and when they were last. Fleeting by nature: kept in Redis, or in the process when there is none."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

import redis
from django.conf import settings
from redis.exceptions import RedisError

from chatsite.keys import LAST_SEEN, PRESENCE
from chatsite.realtime.hub import ORIGIN
from chatsite.types import UserId

log = logging.getLogger(__name__)
REFRESH = 20.0  # seconds between two signs of life of a process for its people
TIMEOUT = 0.5  # seconds


class Presence:
    """Counts this process's sockets per person and shares them with the other processes."""

    def __init__(self) -> None:
        self._here: Counter[UserId] = Counter()
        self._seen: dict[UserId, datetime] = {}
        self._lock = threading.Lock()
        self._refreshing: threading.Thread | None = None

    def arrive(self, user: UserId) -> bool:
        """One more socket of this person. True when they were offline until now."""
        with self._lock:
            self._here[user] += 1
            first = self._here[user] == 1
            if self._refreshing is None:
                self._refreshing = threading.Thread(target=self._refresh, name="presence", daemon=True)
                self._refreshing.start()
        return first and not self._share(user)

    def depart(self, user: UserId) -> bool:
        """One socket fewer. True when it was the person's last in any process."""
        with self._lock:
            self._here[user] -= 1
            if self._here[user] > 0:
                return False
            del self._here[user]
            self._seen[user] = datetime.now(UTC)
        return not self._withdraw(user)

    def online(self, users: Iterable[UserId]) -> set[UserId]:
        """Those of `users` who have a socket open in any process."""
        asked = list(users)
        here = {one for one in asked if self._here[one] > 0}
        away = [one for one in asked if one not in here]
        client = _client()
        if client is None or not away:
            return here
        try:
            with client.pipeline(transaction=False) as pipe:
                for one in away:
                    pipe.exists(PRESENCE(one))
                return here | {one for one, there in zip(away, pipe.execute(), strict=True) if there}
        except RedisError as error:
            log.warning("presence of other processes is unknown: %s", error)
            return here

    def last_seen(self, user: UserId) -> datetime | None:
        """When this person's last socket closed; None when that is unknown or they are here."""
        client = _client()
        try:
            kept = client.get(LAST_SEEN(user)) if client is not None else None
        except RedisError:
            kept = None
        return datetime.fromtimestamp(float(kept), UTC) if kept else self._seen.get(user)

    def _share(self, user: UserId) -> bool:
        """Says that the person is here. True when another process already did."""
        client = _client()
        if client is None:
            return False
        key = PRESENCE(user)
        try:
            with client.pipeline() as pipe:
                pipe.hlen(key)
                pipe.hset(key, ORIGIN, int(time.time()))
                pipe.expire(key, PRESENCE.ttl or 0)
                return int(pipe.execute()[0]) > 0
        except RedisError as error:
            log.warning("presence cannot be shared: %s", error)
            return False

    def _withdraw(self, user: UserId) -> bool:
        """Says that the person is gone from this process. True when another process still has them."""
        client = _client()
        if client is None:
            return False
        try:
            with client.pipeline() as pipe:
                pipe.hdel(PRESENCE(user), ORIGIN)
                pipe.hlen(PRESENCE(user))
                pipe.set(LAST_SEEN(user), time.time(), ex=LAST_SEEN.ttl)
                return int(pipe.execute()[1]) > 0
        except RedisError as error:
            log.warning("presence cannot be withdrawn: %s", error)
            return False

    def _refresh(self) -> None:
        while True:
            time.sleep(REFRESH)
            client = _client()
            if client is None:
                continue
            with self._lock:
                here = list(self._here)
            try:
                with client.pipeline(transaction=False) as pipe:
                    for user in here:
                        pipe.hset(PRESENCE(user), ORIGIN, int(time.time()))
                        pipe.expire(PRESENCE(user), PRESENCE.ttl or 0)
                    pipe.execute()
            except RedisError as error:
                log.warning("presence cannot be refreshed: %s", error)


@lru_cache(maxsize=1)
def _client() -> redis.Redis | None:
    if not settings.REDIS_URL:
        return None
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


presence = Presence()
online = presence.online
last_seen = presence.last_seen
