from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

EVERY = 0.05  # seconds


async def until(ask: Callable[[], bool], within: float) -> float:
    """Waits for a true answer, asked in a thread; how many seconds that took. Raises TimeoutError."""
    began = time.monotonic()
    while not await asyncio.to_thread(ask):
        if time.monotonic() - began > within:
            raise TimeoutError(f"still not after {within} s")
        await asyncio.sleep(EVERY)
    return time.monotonic() - began
