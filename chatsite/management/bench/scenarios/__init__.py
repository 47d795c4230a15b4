"""The scenarios by name. Nothing here imports Django: the clients' process loads them too."""

from chatsite.management.bench.scenarios.idle import Idle
from chatsite.management.bench.scenarios.pairs import Pairs
from chatsite.management.bench.scenarios.room import Room
from chatsite.management.bench.scenarios.scenario import Scenario
from chatsite.management.bench.scenarios.storm import Storm

SCENARIOS: dict[str, Scenario] = {
    "room": Room(rate=100, p99=100),
    "rush": Room(rate=400),
    "receipts": Room(rate=100, receipts=True),
    "pairs": Pairs(),
    "idle": Idle(),
    "storm": Storm(),
}

__all__ = ["SCENARIOS", "Scenario"]
