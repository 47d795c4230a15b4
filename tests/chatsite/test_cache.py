"""What is kept in Redis for a while belongs to several, who do not see each other."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings
from django.core.cache import caches
from redis.exceptions import NoPermissionError

pytestmark = pytest.mark.django_db


def test_clearing_one_cache_leaves_what_is_in_the_others() -> None:
    """Django's own would empty the whole database: once a test did so, and tries at passwords were not counted."""
    caches["default"].set("kept", 1)
    caches["sessions"].set("gone", 1)
    caches["sessions"].clear()
    assert (caches["default"].get("kept"), caches["sessions"].get("gone")) == (1, None)


@pytest.mark.parametrize("command", ["FLUSHDB", "FLUSHALL"])
def test_the_chat_may_not_empty_redis(command: str) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client, pytest.raises(NoPermissionError):
        client.execute_command(command)
