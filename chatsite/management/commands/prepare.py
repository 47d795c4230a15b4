from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from chatsite.crypto import checks
from chatsite.embedded.fingerprint import static_state


class Command(BaseCommand):
    help = (
        "Brings PostgreSQL, MongoDB and the collected static files in step with the code: what `up` runs at each start."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="add a cast of people and a week of their conversations"
        )

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        _refuse_lost_keys()
        collecting = StaticFiles()
        collecting.begin()
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        call_command("syncmongo", stdout=self.stdout)
        if demo:
            call_command("demo", stdout=self.stdout)
        collecting.finish()
        self.stdout.write("in step")


def _refuse_lost_keys() -> None:
    """Before anything is written: under other keys than the stored values nothing may be sealed."""
    for problem in checks.keys_fit(None, databases=[DEFAULT_DB_ALIAS]):
        raise CommandError(f"Nothing was changed. {problem.msg} {problem.hint}")


class StaticFiles:
    """Collects them beside the migrations, and only when a source file changed: compressing takes seconds."""

    def __init__(self) -> None:
        self.stamp = Path(settings.STATIC_ROOT).with_name("static.stamp")
        self.state = static_state(_sources())
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        if self.stamp.exists() and self.stamp.read_text() == self.state:
            return
        # A process of its own: the settings choose the storage that hashes and compresses for that command only.
        collect = [sys.executable, sys.argv[0], "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
        self.process = subprocess.Popen(collect)  # noqa: S603

    def finish(self) -> None:
        """Wait for it. Raises CommandError when it failed; it has said why."""
        if self.process is None:
            return
        if self.process.wait() != 0:
            raise CommandError("Collecting the static files failed.")
        self.stamp.write_text(self.state)


def _sources() -> list[Path]:
    """The folders that static files are collected from."""
    storages = [one for finder in get_finders() for one in getattr(finder, "storages", {}).values()]
    return [Path(storage.location) for storage in storages if storage.location]
