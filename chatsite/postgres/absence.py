"""While PostgreSQL is away, who knows an earlier answer goes on with it: open sockets keep chatting.

What was true when it went away stays true: nobody can be blocked, signed out or closed without it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

T = TypeVar("T")

ASK_EVERY = 5.0  # seconds between two who try whether it is back; everybody else does not wait for it
_lock = threading.Lock()
_ask_at: float | None = None
"""time.monotonic() of the next try; None: it is there."""


def or_known(ask: Callable[[], T], known: T) -> T:
    """What `ask` finds out, or `known` while PostgreSQL is away."""
    if not _may_ask():
        return known
    try:
        answer = ask()
    except (OperationalError, InterfaceError):
        _note(time.monotonic() + ASK_EVERY)
        return known
    _note(None)
    return answer


def _may_ask() -> bool:
    global _ask_at
    with _lock:
        if _ask_at is None:
            return True
        now = time.monotonic()
        if now < _ask_at:
            return False
        _ask_at = now + ASK_EVERY
        return True


def _note(ask_at: float | None) -> None:
    global _ask_at
    with _lock:
        _ask_at = ask_at
