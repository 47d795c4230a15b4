from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.core.management.base import CommandError

from accounts.models import User
from accounts.services import tokens
from chatsite.postgres.scope import as_auth


class Command(changepassword.Command):
    """Django's, which finds nobody, as it asks PostgreSQL on nobody's behalf."""

    help = "Ask for a new password for somebody, twice, and sign them out everywhere. See also passwordlink."
    requires_migrations_checks = False  # nor does it ask for what was migrated on anybody's behalf

    @as_auth()
    def handle(self, *args: Any, username: str, **options: Any) -> str | None:
        user = User.objects.named(username).first()
        if user is None:
            raise CommandError(f"There is nobody called {username}.")
        said = super().handle(*args, username=user.username, **options)
        tokens.revoke_all(user.chat_id)
        return said
