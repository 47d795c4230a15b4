from __future__ import annotations

from dataclasses import dataclass

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.costs import Run
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.job import Needs, Outcome
from chatsite.management.bench.member import Member
from chatsite.management.bench.scenarios.scenario import WARM_UP, Scenario, flat_out, per_second


@dataclass(frozen=True)
class Hot(Scenario):
    """One conversation in which all talk at once: each says the next as soon as the last came back."""

    members: int = 20

    @property
    def title(self) -> str:
        return f"one hot conversation of {self.members}, all of them talking as fast as it goes"

    def needs(self) -> Needs:
        return Needs(people=self.members, groups=[list(range(self.members))])

    def rooms(self, groups: list[str], pairs: list[str]) -> list[list[str]]:
        return [groups] * self.members

    async def drive(self, clients: Clients) -> Outcome:
        here = clients.job.seats[0].conversations[0]
        await clients.join(clients.members)
        talking = True

        def go_on(member: Member, here: str, sender: str) -> None:
            if talking and sender == member.name:
                member.say(here)

        for member in clients.members:
            member.replies = go_on
            member.say(here)
        await clients.settle_in(WARM_UP)
        before = clients.sent
        await clients.window()
        during = clients.sent - before
        talking = False
        head = clients.sent
        await clients.settle(lambda: all(one.ledgers[here].seq == head for one in clients.members))
        return clients.outcome({here: head}, messages=during)

    def figures(self, run: Run) -> list[Figure]:
        return flat_out(run, per_second("deliveries", run.outcome.deliveries, run))
