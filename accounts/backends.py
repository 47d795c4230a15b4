"""Signing in by user name or e-mail address."""

from __future__ import annotations

import copy
import time
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User

BELIEVED = 1.5  # seconds that an account is taken to be as it was: a right that ended must show within two
KNOWN_MAX = 10_000  # accounts
_known: dict[str, tuple[float, User]] = {}


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend with exactly one password check, whoever is asked for.

    allauth tries an address as a user name and then as an address: an unknown one costs one hash and a known one two,
    and the 34 ms between them tell which addresses have an account.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = str(credentials.get("username") or credentials.get("email") or "").strip()
        user: AbstractBaseUser | None = self._check_password(person_of(login), credentials.get("password") or "")
        return user

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Whose session it is. A page and all that it asks for read the account once."""
        until, known = _known.get(str(user_id), (0.0, None))
        if known is None or time.monotonic() >= until:
            known = super().get_user(user_id)
            if known is None:
                return None
            if len(_known) >= KNOWN_MAX:
                _known.clear()
            _known[str(user_id)] = (time.monotonic() + BELIEVED, known)
        return copy.copy(known)


@receiver((post_save, post_delete), sender=User)
def _forget(instance: User, **_: Any) -> None:
    _known.pop(str(instance.pk), None)


def person_of(login: str) -> User | None:
    """Whom this names: by address where there is an @, which no user name has."""
    if "\0" in login:
        return None
    if "@" in login:
        found: list[User] = filter_users_by_email(login, prefer_verified=True, for_login=True)
        return found[0] if found else None
    return User.objects.named(login).first()
