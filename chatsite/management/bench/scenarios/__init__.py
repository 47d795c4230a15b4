"""What can be measured, by name of its class. Nothing here imports Django: the clients' process loads it too."""

from chatsite.management.bench.scenarios.directory import Directory
from chatsite.management.bench.scenarios.history import History
from chatsite.management.bench.scenarios.hot import Hot
from chatsite.management.bench.scenarios.idle import Idle
from chatsite.management.bench.scenarios.pairs import Pairs
from chatsite.management.bench.scenarios.room import Room
from chatsite.management.bench.scenarios.scenario import Scenario
from chatsite.management.bench.scenarios.search import Search
from chatsite.management.bench.scenarios.storm import Storm

KINDS: dict[str, type[Scenario]] = {
    one.__name__: one for one in (Room, Pairs, Hot, Idle, Storm, History, Directory, Search)
}

__all__ = ["KINDS", "Directory", "History", "Hot", "Idle", "Pairs", "Room", "Scenario", "Search", "Storm"]
