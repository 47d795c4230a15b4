"""How the event loop reaches databases: one bounded pool of threads per process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

from chatsite.postgres.scope import as_nobody

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 10  # as many as the PostgreSQL pool has connections
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="socket work")


async def in_thread(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs synchronous work for a socket, in its language, and gives its PostgreSQL connection back to the pool after.

    Not `database_sync_to_async`: that puts all consumers of a process on one thread (SECURITY.md 0.4).
    """
    work = partial(copy_context().run, lambda: _cleanly(call, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def _cleanly(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        with as_nobody():
            return call(*args, **kwargs)
    finally:
        connections.close_all()
