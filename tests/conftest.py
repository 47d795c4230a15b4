"""What all tests share: the cast, empty stores, and a running site for those that come over the network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import TransactionTestCase

from chatsite import mongo
from chatsite.mongo import sync
from tests.cast import cast, earnest_hashing, fresh_memory, light_hash, light_hashing, password_hash
from tests.emptying import empty_mongo, empty_postgres, forget_redis
from tests.live import LiveStack, limited_stack, live_server_url, live_stack

__all__ = [
    "LiveStack",
    "cast",
    "earnest_hashing",
    "fresh_memory",
    "light_hash",
    "light_hashing",
    "limited_stack",
    "live_server_url",
    "live_stack",
    "password_hash",
]

LONGEST = ("tests/chatsite/embedded/test_up.py", "tests/journeys/")
STORED = {"db", "transactional_db", "live_stack", "limited_stack", "live_server_url", "client", "cast"}
"""Fixtures of tests that may write to MongoDB and Redis, besides the marks `mongo` and `django_db`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: a file is done by one worker, and the others have enough to do meanwhile."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def no_static_files() -> None:
    """Each test client makes the middleware anew, and that would look for every static file: 50 ms."""
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture(scope="session", autouse=True)
def light_emptying() -> Iterator[None]:
    """Of PostgreSQL after a test whose transactions are real ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_postgres())
        yield


@pytest.fixture(scope="session")
def mongo_collections() -> Iterator[None]:
    """This worker's collections with their validators and indexes."""
    mongo.client().drop_database(mongo.database().name)
    sync.apply(mongo.database(), sync.declared())
    yield
    mongo.client().drop_database(mongo.database().name)


@pytest.fixture(autouse=True)
def clean_mongo(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave MongoDB and Redis empty after each test that may have written there; collections and validators stay."""
    marked = any(request.node.get_closest_marker(name) for name in ("mongo", "django_db"))
    if not marked and not STORED & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("mongo_collections")
    yield
    empty_mongo()
    if settings.REDIS_URL:
        forget_redis()
