from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatsite import mongo
from chatsite.mongo import sync


class Command(BaseCommand):
    help = "Makes MongoDB's collections, validators and indexes as the code declares them; --check only reports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="report differences and exit with 1 if there are any")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            found = [one.text for one in sync.differences(mongo.database(), sync.declared())]
            for text in found:
                self.stdout.write(text)
            if found:
                raise CommandError(f"{len(found)} differences: run `manage.py syncmongo`")
            return
        for text in sync.apply(mongo.database(), sync.declared()):
            self.stdout.write(f"mended: {text}")
