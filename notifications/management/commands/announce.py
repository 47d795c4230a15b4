from __future__ import annotations

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from chatsite.postgres.scope import as_site
from chatsite.types import ObjectId, UserId
from notifications.services import telling

BATCH = 1000  # people
TEXT_MAX = 1000  # characters


class Command(BaseCommand):
    help = "Tells something to everyone, as a notification of the system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="what to say")

    @as_site()
    def handle(self, *args: Any, text: str, **options: Any) -> None:
        words = text.strip()
        if not 0 < len(words) <= TEXT_MAX:
            raise CommandError(f"The text needs 1 to {TEXT_MAX} characters.")
        announcement, told = ObjectId(), 0
        people = User.objects.filter(is_active=True).values_list("pk", flat=True).iterator(BATCH)
        while batch := list(islice(people, BATCH)):
            told += telling.announce(words, [UserId(str(pk)) for pk in batch], announcement)
        self.stdout.write(f"{told} people told.")
