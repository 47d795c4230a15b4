from __future__ import annotations

from dataclasses import dataclass

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.member import Member
from chatsite.management.bench.scenarios.scenario import WARM_UP, Scenario, flat_out


@dataclass(frozen=True)
class Pairs(Scenario):
    """Private conversations, as fast as they go: each message is answered when it came, so when it is stored."""

    pairs: int = 50
    receipts: bool = False
    """Whether each side acknowledges what it got, within its answers and as often as clients do."""

    @property
    def title(self) -> str:
        words = ", both sides acknowledge" if self.receipts else ""
        return f"{self.pairs} pairs ping-pong, each message durable before the next{words}"

    def needs(self) -> Needs:
        return Needs(people=2 * self.pairs, pairs=[(2 * one, 2 * one + 1) for one in range(self.pairs)])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [[pairs[number // 2]] for number in range(2 * self.pairs)]

    async def drive(self, clients: Clients) -> Outcome:
        await clients.join(clients.members)
        playing = True

        def reply(member: Member, here: str, sender: str) -> None:
            if playing and sender != member.name:
                if self.receipts:
                    member.acknowledge_now_and_then(here)
                member.say(here)

        for member in clients.members:
            member.replies = reply
        for first in clients.members[::2]:
            first.say(first.seat.conversations[0])
        await clients.settle_in(WARM_UP)
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
        return flat_out(run)


def _sent(clients: Clients) -> dict[str, int]:
    """Messages by conversation."""
    found: dict[str, int] = {}
    for member in clients.members:
        here = member.seat.conversations[0]
        found[here] = found.get(here, 0) + member.sent
    return found
