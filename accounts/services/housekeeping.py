"""Throwing away what nobody can use any more."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts.models import RefreshToken

AT_ONCE = 500  # log-ins


def forget_expired_sessions() -> None:
    """Deletes the log-ins of browsers that are past their time, and what their owners' lists say of them."""
    call_command("clearsessions")
    listed = list(UserSession.objects.values_list("pk", "session_key"))
    for first in range(0, len(listed), AT_ONCE):  # sealed keys can be compared with values only
        some = listed[first : first + AT_ONCE]
        found = Session.objects.filter(session_key__in=[key for _, key in some])
        living = set(found.values_list("session_key", flat=True))
        UserSession.objects.filter(pk__in=[pk for pk, key in some if key not in living]).delete()


def forget_expired_tokens() -> int:
    """Deletes refresh tokens past their time; returns how many.

    Revoked and used ones stay until then: that is how a stolen one is recognised when it comes again.
    """
    deleted, _by_table = RefreshToken.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
