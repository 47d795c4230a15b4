from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

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
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        call_command("syncmongo", stdout=self.stdout)
        self._collect_static()
        if demo:
            call_command("demo", stdout=self.stdout)
        self.stdout.write("in step")

    def _collect_static(self) -> None:
        """Only when a source file changed: compressing takes seconds."""
        sources = [
            Path(storage.location)
            for finder in get_finders()
            for storage in getattr(finder, "storages", {}).values()
            if storage.location
        ]
        stamp = Path(settings.STATIC_ROOT).with_name("static.stamp")
        state = static_state(sources)
        if stamp.exists() and stamp.read_text() == state:
            return
        # A process of its own: the settings choose the storage that hashes and compresses for that command only.
        collect = [sys.executable, sys.argv[0], "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
        subprocess.run(collect, check=True)  # noqa: S603
        stamp.write_text(state)
