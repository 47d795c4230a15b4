from __future__ import annotations

import time
from dataclasses import dataclass

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.scenarios.scenario import Scenario, cpu_lines, latencies, surroundings

TEAM = 25  # people who share all their conversations
CONVERSATIONS = 20  # of each person
FIRST = 25  # sockets that come before counting starts, so that what a process loads once is not counted per socket
SETTLE = 3.0  # seconds


@dataclass(frozen=True)
class Idle(Scenario):
    """Many sockets that only wait."""

    sockets: int = 1000
    """beside the FIRST ones; a multiple of TEAM"""

    @property
    def title(self) -> str:
        return f"{self.sockets:,} sockets signed in, each in {CONVERSATIONS} conversations, silent"

    def needs(self) -> Needs:
        people = FIRST + self.sockets
        teams = [list(range(start, start + TEAM)) for start in range(0, people, TEAM)]
        return Needs(people=people, groups=[team for team in teams for _ in range(CONVERSATIONS)])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[] for _ in range(FIRST + self.sockets)]

    async def drive(self, clients: Clients) -> Outcome:
        await clients.join(clients.members[:FIRST])
        await clients.settle_in(SETTLE)
        clients.mark("few")
        start = time.monotonic()
        taken = await clients.join(clients.members[FIRST:])
        connecting = time.monotonic() - start
        clients.mark("all")
        await clients.settle_in(SETTLE)
        await clients.window()
        return clients.outcome({}, messages=0, latencies=taken, times={"connecting": connecting})

    def figures(self, run: Run) -> list[Figure]:
        waiting = sum(run.cpu().values())
        return [
            Figure("memory per socket", "KiB", run.grown("web", "few", "over") / self.sockets),
            Figure("connects per second", "", self.sockets / run.outcome.times["connecting"]),
            *latencies(run.outcome, "connect to subscribed"),
            *cpu_lines(run, "CPU per connect", self.sockets, "few", "all"),
            Figure("CPU while idle", "% of a core", 100 * waiting / run.outcome.seconds),
            Figure("refusals", "", len(run.outcome.refused)),
            *surroundings(run),
        ]
