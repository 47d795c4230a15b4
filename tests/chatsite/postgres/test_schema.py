"""Where a log-in looks for tables before and after the first migration."""

from __future__ import annotations

import pytest
from django.db import connection

from chatsite.postgres.schema import SCHEMA, ensure_schema

pytestmark = pytest.mark.django_db(transaction=True)


def paths(count: int) -> set[str]:
    """Where so many connections of the pool look, held at the same time."""
    pool = connection.pool
    pool.open()
    held = [pool.getconn() for _ in range(count)]
    try:
        return {one.execute("SHOW search_path").fetchone()[0] for one in held}
    finally:
        for one in held:
            pool.putconn(one)


def test_connections_that_were_open_before_look_there_too() -> None:
    """As with a PostgreSQL of one's own: what a role has in a database comes before what it has anywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user), quote_ident(current_database())")
        cursor.execute("ALTER ROLE {} IN DATABASE {} SET search_path = public".format(*cursor.fetchone()))
    connection.close()
    connection.close_pool()
    try:
        assert paths(3) == {"public"}
    finally:
        ensure_schema(using="default")
    connection.close()
    assert paths(3) == {SCHEMA}
