"""Redis as a cache that may go away: a page is slower without it, never an error."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from chatsite.keys import SESSIONS

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds without asking again after Redis did not answer
TIMEOUT = 0.5  # seconds
CONNECTION: dict[str, Any] = {
    "socket_timeout": TIMEOUT,
    "socket_connect_timeout": TIMEOUT,
    "retry": Retry(NoBackoff(), 1),  # a connection that a restart of Redis closed; by default it would try for seconds
}
COUNTED = ("allauth:rl:", "allauth.mfa.totp.used", "otp:")
"""Keys that hold back who guesses: how often something was tried, and which codes were used."""
_counts = LocMemCache("counts", {"OPTIONS": {"MAX_ENTRIES": 20_000}})
"""What this process knows of them. While Redis is away it decides: a limit that opens then would be none."""
_told: set[str] = set()
"""What Redis was told of them since it last was away. Of the rest it may know less than this process."""
TOLD_MAX = 20_000
_clients: dict[tuple[str, ...], RedisCacheClient] = {}


class CacheClient(RedisCacheClient):
    """Django's, with one `redis.Redis` for each pool: making one for each question costs more than to ask it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[Any, redis.Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]
        if pool not in self._made:
            self._made[pool] = redis.Redis(connection_pool=pool)
        return self._made[pool]


class RedisCache(DjangoRedisCache):
    """Django's Redis cache; while Redis is down every read misses and every write is forgotten, but for COUNTED."""

    _down_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**CONNECTION, **params.get("OPTIONS", {})}})
        self._class = CacheClient

    @property
    def _cache(self) -> RedisCacheClient:
        """One client for the process. Django makes one for each request, with a pool and a connection of its own, which
        costs more than what is then asked."""
        return _clients.setdefault(tuple(self._servers), super()._cache)  # type: ignore[attr-defined]

    def _or(self, fallback: Any, ask: Callable[[], Any]) -> Any:
        if time.monotonic() < RedisCache._down_until:
            return fallback
        try:
            return ask()
        except RedisError as error:
            RedisCache._down_until = time.monotonic() + PAUSE
            _told.clear()  # it may come back empty
            log.warning("Redis does not answer, going on without the cache: %s", error)
            return fallback

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        known = _counts.get(key, default) if key.startswith(COUNTED) else default
        there = self._or(known, lambda: super(RedisCache, self).get(key, default, version))
        return there if known is default or key in _told else _joined(known, there)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        if key.startswith(COUNTED):
            _counts.set(key, value, *args, **kwargs)
            _told.discard(key)
        self._or(None, lambda: self._set(key, value, *args, **kwargs))

    def _set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        super().set(key, value, *args, **kwargs)
        if key.startswith(COUNTED):
            _tell(key)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        known = _counts.add(key, value, *args, **kwargs) if key.startswith(COUNTED) else True
        return bool(self._or(known, lambda: super(RedisCache, self).add(key, value, *args, **kwargs)))

    def touch(self, key: str, *args: Any, **kwargs: Any) -> bool:
        return bool(self._or(False, lambda: super(RedisCache, self).touch(key, *args, **kwargs)))

    def delete(self, key: str, version: int | None = None) -> bool:
        known = _counts.delete(key) if key.startswith(COUNTED) else False
        return bool(self._or(known, lambda: super(RedisCache, self).delete(key, version)))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = self._or({}, lambda: super(RedisCache, self).get_many(keys, version))
        return found

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._or([], lambda: super(RedisCache, self).set_many(data, *args, **kwargs)))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._or(None, lambda: super(RedisCache, self).delete_many(keys, version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._or(False, lambda: super(RedisCache, self).has_key(key, version)))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._or(delta, lambda: super(RedisCache, self).incr(key, delta, version)))

    def clear(self) -> None:
        """Forgets what is under this cache's prefix. FLUSHDB, which Django uses, would take along what is not its own:
        sessions, presence, and how often somebody has tried passwords."""
        self._or(None, self._clear)

    def _clear(self) -> None:
        client = self._cache.get_client(write=True)
        if mine := list(client.scan_iter(f"{self.key_prefix}:*", count=1000)):
            client.delete(*mine)


def _joined(known: Any, there: Any) -> Any:
    """What this process and Redis know together: of tries their times, the latest first."""
    if isinstance(known, list) and isinstance(there, list):
        return sorted({*known, *there}, reverse=True)
    return known


def _tell(key: str) -> None:
    if len(_told) >= TOLD_MAX:
        _told.clear()
    _told.add(key)


def forget_counts() -> None:
    """As in a process that has just started."""
    _counts.clear()
    _told.clear()
    RedisCache._down_until = 0.0


class SessionCache(RedisCache):
    """Sessions, believed for SESSIONS.ttl seconds at most.

    PostgreSQL is their truth: a log-out while Redis is away cannot delete the cached copy, so no copy may last long.
    """

    def set(self, key: str, value: Any, timeout: Any = None, version: int | None = None) -> None:
        most = SESSIONS.ttl or 0
        super().set(key, value, min(timeout, most) if isinstance(timeout, int | float) else most, version)
