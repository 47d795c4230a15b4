"""Throwing away what nobody can use any more."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts.models import RefreshToken
from chatsite.postgres.scope import as_auth, as_worker


@as_auth()
def forget_expired_sessions() -> None:
    """Deletes the log-ins of browsers that are past their time, and what their owners' lists say of them."""
    call_command("clearsessions")
    # Both keys are sealed, each for its own column: only here can they be compared. Those listed are read first, so
    # that whoever signs in meanwhile is not taken for gone.
    listed = dict(UserSession.objects.values_list("pk", "session_key"))
    living = set(Session.objects.values_list("session_key", flat=True))
    UserSession.objects.filter(pk__in=[row for row, key in listed.items() if key not in living]).delete()


@as_worker()
def forget_expired_tokens() -> int:
    """Deletes refresh tokens past their time; returns how many.

    Revoked and used ones stay until then: that is how a stolen one is recognised when it comes again.
    """
    expired = RefreshToken.objects.filter(expires_at__lt=timezone.now())
    return expired._raw_delete(expired.db)  # the database unties those that came after them
