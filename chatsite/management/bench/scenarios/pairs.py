from __future__ import annotations

import asyncio

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.member import Member
from chatsite.management.bench.scenarios.scenario import WARM_UP, Scenario, cpu_lines, faults, latencies

PAIRS = 50


class Pairs(Scenario):
    """Private conversations, as fast as they go: each message is answered when it came, so when it is stored."""

    title = f"{PAIRS} pairs ping-pong, each message durable before the next"

    def needs(self) -> Needs:
        return Needs(people=2 * PAIRS, pairs=[(2 * one, 2 * one + 1) for one in range(PAIRS)])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[pairs[number // 2]] for number in range(2 * PAIRS)]

    async def drive(self, clients: Clients) -> Outcome:
        await clients.join(clients.members)
        playing = True

        def reply(member: Member, here: str, sender: str) -> None:
            if playing and sender != member.name:
                member.say(here)

        for member in clients.members:
            member.replies = reply
        for first in clients.members[::2]:
            first.say(first.seat.conversations[0])
        await asyncio.sleep(WARM_UP)
        before = _sent(clients)
        await clients.window()
        during = sum(_sent(clients).values()) - sum(before.values())
        playing = False
        heads = _sent(clients)
        await clients.settle(
            lambda: all(one.ledgers[here].seq == heads[here] for one in clients.members for here in one.ledgers)
        )
        return clients.outcome(heads, messages=during)

    def figures(self, run: Run) -> list[Figure]:
        seen = run.outcome
        return [
            Figure("messages per second", "", seen.messages / seen.seconds, more=True),
            *faults(run),
            *latencies(seen),
            *cpu_lines(run, "message", seen.messages, must=0.6),
        ]


def _sent(clients: Clients) -> dict[str, int]:
    """Messages by conversation."""
    found: dict[str, int] = {}
    for member in clients.members:
        here = member.seat.conversations[0]
        found[here] = found.get(here, 0) + member.sent
    return found
