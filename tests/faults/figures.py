"""What others feel, and what it costs the server, while something goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.clients import Client

NOISE = 0.05  # seconds: below this a difference is the machine's
MEGABYTE = 1024 * 1024


def p99(clients: Sequence[Client], since: float, until: float) -> float:
    """Seconds from send to ack that 99 % of the messages stayed below, of those first sent in this time."""
    said = [one for client in clients for one in client.outbox.said.values() if one.sent_at is not None]
    took = sorted(one.acked_at - one.sent_at for one in said if one.acked_at and since <= one.sent_at < until)
    assert len(took) >= 50, f"only {len(took)} messages to judge by"
    return took[-1 - len(took) // 100]


def unaffected(usual: float, seen: float) -> None:
    """Fails when others waited more than twice as long as usual."""
    print(f"p99 of others: {usual * 1000:.0f} ms before, {seen * 1000:.0f} ms meanwhile")
    assert seen < 2 * max(usual, NOISE)


class Growth:
    """The most memory that a process had beyond what it had at first, in bytes."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._first = self._most = self._resident()

    def look(self) -> None:
        self._most = max(self._most, self._resident())

    @property
    def most(self) -> int:
        return self._most - self._first

    def _resident(self) -> int:
        status = Path(f"/proc/{self._pid}/status").read_text()
        return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


@asynccontextmanager
async def watched(pid: int) -> AsyncIterator[Growth]:
    """Looks at the process's memory ten times a second, until the end of the block."""
    growth = Growth(pid)
    watching = asyncio.create_task(_watch(growth))
    try:
        yield growth
    finally:
        watching.cancel()
        growth.look()


async def _watch(growth: Growth) -> None:
    while True:
        growth.look()
        await asyncio.sleep(0.1)
