from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from messaging.services import search
from messaging.services.search import Progress

SAY_EVERY = 100_000  # messages


class Command(BaseCommand):
    help = (
        "Takes into the index of search what is not there yet, while people chat; the worker does the same every few "
        "minutes. Safe to stop and to repeat. --anew makes the whole index anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anew", action="store_true", help="delete the index first")

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        self._said = 0
        done = search.take_in_all(self._tell, anew=anew)
        taken = f"{done.messages} messages taken in, {done.mended} blocks mended"
        self.stdout.write(f"{done.conversations} conversations compared, {taken}")

    def _tell(self, done: Progress) -> None:
        if done.messages - self._said >= SAY_EVERY:
            self._said = done.messages
            self.stdout.write(f"{done.messages} messages taken in")
