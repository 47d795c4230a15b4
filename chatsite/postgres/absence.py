"""While PostgreSQL is away, who knows an earlier answer goes on with it: open sockets keep chatting.

What was true when it went away stays true: nobody can be blocked, signed out or closed without it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, connections

T = TypeVar("T")

LOOK_EVERY = 1.0  # seconds between two looks whether it is back
_lock = threading.Lock()
_looking: threading.Thread | None = None
"""Looks whether it is back, and ends when it is; None: it is there."""


def or_known(ask: Callable[[], T], known: T) -> T:
    """What `ask` finds out, or `known` while PostgreSQL is away.

    Only those who ask while it goes away wait for the pool to give up. After that nobody does: a thread looks for all.
    """
    if _looking is not None:
        return known
    try:
        return ask()
    except (OperationalError, InterfaceError):
        _look_out()
        return known


def _look_out() -> None:
    global _looking
    with _lock:
        if _looking is None:
            _looking = threading.Thread(target=_look, name="absence", daemon=True)
            _looking.start()


def _look() -> None:
    global _looking
    try:
        while not _answers():
            time.sleep(LOOK_EVERY)
    finally:  # should looking itself fail, those who ask find out again
        with _lock:
            _looking = None


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return False
    finally:
        connections.close_all()
    return True
