"""Leaves PostgreSQL, MongoDB and Redis empty after a test: what is part of the schema stays."""

from __future__ import annotations

from functools import lru_cache

import redis
from django.conf import settings
from django.db import connection

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
    if not mongo.database().command("dbStats")["objects"]:  # one question, where most tests have written nothing
        return
    for name in mongo.database().list_collection_names(filter={"type": "collection"}):
        mongo.database()[name].with_options(write_concern=UNCONFIRMED).delete_many({})
    mongo.database()[name].delete_many({})  # waits until the majority has what was deleted before, too


def forget_redis() -> None:
    """As a Redis that came back empty."""
    client = _redis()
    if keys := list(client.scan_iter(f"{settings.REDIS_PREFIX}:*", count=1000)):
        client.delete(*keys)


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)
