from __future__ import annotations

import asyncio

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.scenarios.scenario import Scenario, disturbance

SOCKETS = 1000
TEAM = 25  # people who share all their conversations
CONVERSATIONS = 20  # of each person
FIRST = 25  # sockets that come before counting starts, so that what a process loads once is not counted per socket
SETTLE = 3.0  # seconds


class Idle(Scenario):
    """Many sockets that only wait."""

    title = f"{SOCKETS:,} sockets signed in, each in {CONVERSATIONS} conversations, silent"

    def needs(self) -> Needs:
        people = FIRST + SOCKETS
        teams = [list(range(start, start + TEAM)) for start in range(0, people, TEAM)]
        return Needs(people=people, groups=[team for team in teams for _ in range(CONVERSATIONS)])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[] for _ in range(FIRST + SOCKETS)]

    async def drive(self, clients: Clients) -> Outcome:
        await clients.join(clients.members[:FIRST])
        await asyncio.sleep(SETTLE)
        clients.mark("few")
        await clients.join(clients.members[FIRST:])
        clients.mark("all")
        await asyncio.sleep(SETTLE)
        await clients.window()
        return clients.outcome({}, messages=0)

    def figures(self, run: Run) -> list[Figure]:
        connecting = sum(run.cpu("few", "all").values())
        waiting = sum(run.cpu().values())
        return [
            Figure("memory per socket", "KiB", run.grown("web", "few", "over") / SOCKETS, must=45),
            Figure("CPU per connect, signed in", "ms", connecting * 1000 / SOCKETS, must=2),
            Figure("CPU while idle", "% of a core", 100 * waiting / run.outcome.seconds),
            Figure("sockets refused or closed", "", len(run.outcome.refused), must=0),
            disturbance(run),
        ]
