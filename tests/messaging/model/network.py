"""What lies between the hub and a device."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Frame = dict[str, Any]
PUSHED = {"message.created", "message.changed", "conversation.changed", "conversation.removed", "receipt.updated"}
"""What comes unasked, from the hub: any of it may get lost, or come late. Answers come or the connection breaks."""


class Network:
    """In "good" weather everything arrives; else pushes are "lost", or "late" and out of order until it is good again.

    `missed` are the conversations of which something got lost: the test knows that, a client cannot.
    """

    def __init__(self, deliver: Callable[[Frame], None]) -> None:
        self._deliver = deliver
        self.weather = "good"
        self.missed: set[str] = set()
        self._late: list[Frame] = []

    def carry(self, event: Frame) -> None:
        if event["type"] not in PUSHED or self.weather == "good":
            self._deliver(event)
        elif self.weather == "late":
            self._late.append(event)
        else:
            self.missed.add(event["conversation_id"])

    def change(self, weather: str) -> None:
        self.weather = weather
        if weather == "good":
            late, self._late = self._late, []
            random.Random(len(late)).shuffle(late)
            for event in late:
                self._deliver(event)

    def cut(self) -> None:
        """What is late does not come any more."""
        self.missed.update(event["conversation_id"] for event in self._late)
        self._late.clear()
