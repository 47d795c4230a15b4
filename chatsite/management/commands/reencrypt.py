from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatsite.crypto import rotation
from chatsite.crypto.columns import Column
from chatsite.crypto.errors import SealError
from chatsite.crypto.ring import ring

PATIENCE = 60.0  # seconds for rows that others hold locked
PAUSE = 0.2  # seconds


class Command(BaseCommand):
    help = (
        "Brings every sealed value in PostgreSQL to the newest key, while people chat; after that older keys can go. "
        "Safe to stop and to repeat. --check only reports how many values are under which key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="report, and exit with 1 if an older key is in use")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            found = rotation.sealed_columns()
            if not check:
                for column in found:
                    self._bring(column)
            left = sum(self._report(column) for column in found)
        except SealError as error:
            raise CommandError(str(error)) from error
        if left:
            raise CommandError(f"{left} values are not under the newest key: `manage.py reencrypt`.")
        self.stdout.write("Everything is under the newest key; older ones can go.")

    def _bring(self, column: Column) -> None:
        """Until nothing is left, or PATIENCE is over: rows that somebody works on are left out and asked for again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            done = rotation.encrypt(column)
            self.stdout.write(f"{column}: {done.changed} sealed anew")
            for key in done.refused:
                self.stderr.write(f"{column}: the value of row {key} stands in another row too: remove one of them.")
            if done.refused or time.monotonic() > deadline or not rotation.stale(column):
                return
            time.sleep(PAUSE)

    def _report(self, column: Column) -> int:
        """Says how many values are under which key; how many are not under the newest."""
        for key_id, count in sorted(rotation.counts(column).items(), key=str):
            newest = " (newest)" if key_id == ring().newest.id else ""
            self.stdout.write(f"{column}: {count} {f'under {key_id}{newest}' if key_id else 'in the clear'}")
        return rotation.stale(column)
