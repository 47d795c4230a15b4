"""What must hold, and what we aim at. By scenario and by the name of the figure it bounds."""

from __future__ import annotations

import msgspec

from chatsite.management.bench.figures import Figure


class Limit(msgspec.Struct, frozen=True):
    """Bounds a value or, with `ratio`, how many times the other column's it is. Less is better unless `more`."""

    must: float | None = None
    aim: float | None = None
    ratio: bool = False
    more: bool = False

    def held(self, figure: Figure, other: Figure | None) -> bool | None:
        """Whether what must hold does; None when nothing must, or when there is no ratio."""
        return self._within(self.must, figure, other)

    def met(self, figure: Figure, other: Figure | None) -> bool | None:
        """Whether the aim is reached; None as above."""
        return self._within(self.aim, figure, other)

    def _within(self, bound: float | None, figure: Figure, other: Figure | None) -> bool | None:
        measured = figure.ratio(other) if self.ratio else figure.value
        if bound is None or measured is None:
            return None
        return measured >= bound if self.more else measured <= bound


Limits = dict[str, Limit]

PER_DELIVERIES, PER_MESSAGE, PER_REQUEST = "CPU per 1,000 deliveries", "CPU per message", "CPU per request"
NONE = Limit(must=0)
WHOLE: Limits = {"lost": NONE, "doubled": NONE}
"""What no killed process may touch either."""
FAULTLESS: Limits = {**WHOLE, "out of order": NONE, "sends without ack": NONE, "refusals": NONE}
RECEIPTS = Limit(must=1.7, aim=1.3, ratio=True)

ROOM: dict[str, Limits] = {
    "daphne": {PER_DELIVERIES: Limit(must=1.6, aim=1.25, ratio=True)},
    "uvicorn": {PER_DELIVERIES: Limit(must=1.25, aim=1.0, ratio=True)},
}
ROOM_P99: Limits = {"send to receive, p99": Limit(must=30)}
RUSH: Limits = {"deliveries per second": Limit(must=39_600, more=True), "send to receive, p99": Limit(aim=50)}
PAIRS: Limits = {
    PER_MESSAGE: Limit(must=0.6, aim=0.35, ratio=True),
    "messages per second": Limit(aim=3000, more=True),
}
IDLE: Limits = {
    "memory per socket": Limit(must=45, aim=30),
    "CPU per connect": Limit(must=2, aim=1),
    "refusals": NONE,
}
STORM: Limits = {"all back and caught up": Limit(must=30, aim=10)}
HISTORY: Limits = {PER_REQUEST: Limit(must=4, aim=2), "wrong answers": NONE}
PEOPLE: Limits = {"request to answer, p95": Limit(must=15, aim=10), "wrong answers": NONE}
SEARCH: Limits = {"request to answer, p95": Limit(must=50, aim=20), "wrong answers": NONE}
LONG_SEARCH: Limits = {PER_REQUEST: Limit(must=1.5, ratio=True)}
POLICIES = Limit(must=1.3, aim=1.1, ratio=True)
LONG_HISTORY: Limits = {PER_REQUEST: Limit(must=1.2, ratio=True)}
HOT: Limits = {"messages per second": Limit(must=1, ratio=True, more=True)}
SEPARATE: Limits = {"messages per second": Limit(must=1.5, ratio=True, more=True)}
STARTUP: Limits = {
    "ready, first time": Limit(must=30),
    "ready, next time": Limit(must=8),
    "memory when idle (PSS)": Limit(must=400),
}
