"""All simulated clients of one process, and what scenarios do with them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from chatsite.management.bench.figures import spread
from chatsite.management.bench.job import Job, Mark, Outcome
from chatsite.management.bench.member import Member, Tally

AT_ONCE = 50  # sockets opened side by side
PING_EVERY = 20.0  # seconds; PROTOCOL.md: 25 s ± 20 %
PATIENCE = 10.0  # seconds without any delivery until what is missing counts as lost


class Clients:
    """One member per seat of the job, named by its number."""

    def __init__(self, job: Job) -> None:
        self.job, self.tally = job, Tally()
        self.members = [Member(str(number), seat, self.tally) for number, seat in enumerate(job.seats)]
        self.lasted = 0.0  # seconds that the window had
        self._pinging: asyncio.Task[None] | None = None

    @property
    def sent(self) -> int:
        """Messages, by all members so far."""
        return sum(one.sent for one in self.members)

    async def join(self, members: Iterable[Member], at_once: int = AT_ONCE) -> list[int]:
        """Connects `members` and waits until all are subscribed: the ns each took. Raises the first failure."""
        free = asyncio.Semaphore(at_once)

        async def one(member: Member) -> int:
            async with free:
                start = time.monotonic_ns()
                await member.join(self.job)
                return time.monotonic_ns() - start

        taken = await asyncio.gather(*map(one, members))
        if self._pinging is None:
            self._pinging = asyncio.create_task(self._ping())
        return taken

    async def settle_in(self, most: float) -> None:
        """Lets what only happens at the start pass: `most` seconds, or as long as the window when that is shorter."""
        await asyncio.sleep(min(most, self.job.seconds))

    async def window(self) -> None:
        """Counts for the seconds of the job; its costs lie between the marks `steady` and `over`."""
        self.mark("steady")
        start = time.monotonic()
        self.tally.counting = True
        await asyncio.sleep(self.job.seconds)
        self.tally.counting = False
        self.lasted = time.monotonic() - start
        self.mark("over")

    async def settle(self, arrived: Callable[[], bool]) -> None:
        """Waits until everything `arrived`, or nothing has moved for PATIENCE seconds."""
        before, deadline = -1, time.monotonic() + PATIENCE
        while not arrived() and time.monotonic() < deadline:
            now = sum(ledger.seq for member in self.members for ledger in member.ledgers.values())
            if now != before:
                before, deadline = now, time.monotonic() + PATIENCE
            await asyncio.sleep(0.1)

    async def leave(self, members: Iterable[Member]) -> None:
        """Cuts the sockets of `members`."""
        gone: list[Awaitable[int]] = []
        for member in members:
            member.leaving = True
            member.socket.cut()
            gone.append(member.socket.closed)
        await asyncio.gather(*gone)
        for member in members:
            member.leaving = False

    def outcome(
        self,
        heads: dict[str, int],
        *,
        messages: int,
        latencies: Sequence[int] | None = None,
        times: dict[str, float] | None = None,
    ) -> Outcome:
        """What was seen. `heads`: how many messages each conversation must hold in the end; `latencies`, in ns, stand
        in for those of the deliveries."""
        books = [(here, ledger) for member in self.members for here, ledger in member.ledgers.items()]
        silent = sum(
            heads.get(here, 0) for one in self.members for here in one.seat.conversations if here not in one.ledgers
        )
        tally = self.tally
        return Outcome(
            seconds=self.lasted,
            messages=messages,
            deliveries=tally.deliveries,
            latencies=spread(tally.latencies if latencies is None else latencies),
            lost=silent + sum(ledger.lost(heads[here]) for here, ledger in books),
            doubled=sum(ledger.doubled for _, ledger in books),
            disordered=sum(ledger.disordered for _, ledger in books),
            unanswered=self.sent - tally.acks,
            refused=tally.refused,
            times=times or {},
        )

    @staticmethod
    def mark(name: str) -> None:
        """Tells the bench that the clients reached a point; it reads the costs then."""
        sys.stdout.buffer.write(msgspec.json.encode(Mark(name)) + b"\n")
        sys.stdout.buffer.flush()

    async def _ping(self) -> None:
        """Each member pings once in PING_EVERY seconds, one after the other."""
        while True:
            for member in self.members:
                await asyncio.sleep(PING_EVERY / len(self.members))
                if member.in_touch:
                    member.ping()
