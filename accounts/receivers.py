"""What Django and allauth announce that concerns sessions and accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import User
from accounts.services import addresses, tokens
from accounts.signals import announce, sessions_ended


@receiver(user_logged_out)
def logged_out(user: User | None, **_: Any) -> None:
    """A browser logged out: its open sockets must prove themselves again."""
    if user is not None:
        announce(sessions_ended, user_id=user.chat_id)


@receiver([password_changed, password_reset, password_set])
def new_password(user: User, **_: Any) -> None:
    """A new password ends every session that began with the old one. Django does it for browsers."""
    tokens.revoke_all(user.chat_id)


@receiver((post_save, post_delete), sender=EmailAddress)
def address_proven(instance: EmailAddress, **_: Any) -> None:
    """allauth's table of addresses has changed: `users.is_verified` follows."""
    addresses.follow(instance.user_id)
