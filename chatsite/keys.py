"""Every key that the chat keeps in Redis: whose it is, how long it lives, what losing it costs."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Key:
    """A family of keys. `prefix` follows CHAT_REDIS_PREFIX; `ttl` is in seconds, None for channels without a value."""

    prefix: str
    owner: str
    ttl: int | None
    lost: str

    def __call__(self, name: object) -> str:
        return f"{settings.REDIS_PREFIX}:{self.prefix}:{name}"


PRESENCE = Key("pres", "chatsite.realtime.presence", 60, "people of other processes look offline for 20 seconds")
LAST_SEEN = Key("seen", "chatsite.realtime.presence", 90 * 24 * 3600, "last-seen times are unknown")
CACHE = Key("cache", "chatsite.cache", 300, "pages are slower for a moment")
SESSIONS = Key("sess", "django.contrib.sessions, through chatsite.cache", 300, "read again from PostgreSQL")
LAYER = Key("ps", "channels_redis", None, "live events of other processes are missed and caught up")
KEYS = (PRESENCE, LAST_SEEN, CACHE, SESSIONS, LAYER)
