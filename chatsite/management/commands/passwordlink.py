from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import registration
from chatsite.postgres.scope import as_auth


class Command(BaseCommand):
    help = "Print a link by which a person chooses a new password: once, within three days. No mail is sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    @as_auth()
    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.named(username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
        if not user.is_active:
            raise CommandError(f"The account of {user.username} is closed. Open it first.")
        self.stdout.write(registration.password_link(user))
