"""Taking turns across processes, where there is no row to lock: it is somebody else's, or is not there yet."""

from __future__ import annotations

from django.db import connection


def take(name: str) -> None:
    """Waits until nobody else has this turn, and has it until the transaction ends. Within one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
