"""Leaves PostgreSQL, MongoDB and Redis empty after a test: what is part of the schema stays."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from pymongo.read_concern import ReadConcern

from chatsite import mongo
from messaging.repositories.conversations import UNCONFIRMED

KEPT = {"django_content_type", "auth_permission"}
"""Made with the tables, from the models. Django's own way empties these too, and makes each row anew."""


def empty_postgres() -> None:
    """In place of a TRUNCATE, which gives each table and index a new file: there are few rows or none.

    The lock waits, as a TRUNCATE does, for whoever in the running site is still writing.
    """
    tables = [connection.ops.quote_name(name) for name in _tables()]
    statements = [
        f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",  # no triggers: all of them go, in whatever order
        *(f"DELETE FROM {name}" for name in tables),
    ]
    connection.ops.execute_sql_flush(["; ".join(statements)])


@lru_cache(maxsize=1)
def _tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)


def empty_mongo() -> None:
    filled = _filled()
    for name in filled:
        mongo.database()[name].with_options(write_concern=UNCONFIRMED).delete_many({})
    if filled:
        mongo.database()[filled[0]].delete_many({})  # waits until the majority has what was deleted before, too


def _filled() -> list[str]:
    """The collections with something in them, by one question: most tests write to none, or to few."""
    names = mongo.database().list_collection_names(filter={"type": "collection"})
    if not names:
        return []
    first, *others = names
    question = [*_whether(first), *({"$unionWith": {"coll": name, "pipeline": _whether(name)}} for name in others)]
    now = mongo.database().get_collection(first, read_concern=ReadConcern("local"))
    return [one["name"] for one in now.aggregate(question)]


def _whether(name: str) -> list[dict[str, Any]]:
    return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": name}}}]


def forget_redis() -> None:
    """As a Redis that came back empty."""
    client = _redis()
    if keys := list(client.scan_iter(f"{settings.REDIS_PREFIX}:*", count=1000)):
        client.delete(*keys)


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)
