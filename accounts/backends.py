"""Signing in by user name or e-mail address."""

from __future__ import annotations

import copy
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from chatsite.memory import Memory
from chatsite.postgres.scope import as_auth

_known: Memory[str, User] = Memory(most=10_000)


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend with exactly one password check, whoever is asked for.

    allauth tries an address as a user name and then as an address: an unknown one costs one hash and a known one two,
    and the 34 ms between them tell which addresses have an account.
    """

    @as_auth()
    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = str(credentials.get("username") or credentials.get("email") or "").strip()
        user: AbstractBaseUser | None = self._check_password(person_of(login), credentials.get("password") or "")
        return user

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """Whose session it is. A page and all that it asks for read the account once."""
        return copy.copy(_known.recall([str(user_id)], self._accounts).get(str(user_id)))

    @as_auth()
    def _accounts(self, ids: list[str]) -> dict[str, User]:
        found = {one: AuthenticationBackend.get_user(self, one) for one in ids}
        return {one: account for one, account in found.items() if account is not None}


@receiver((post_save, post_delete), sender=User)
def _forget(instance: User, **_: Any) -> None:
    _known.forget(str(instance.pk))


@as_auth()
def person_of(login: str) -> User | None:
    """Whom this names: by address where there is an @, which no user name has."""
    if "\0" in login:
        return None
    if "@" in login:
        found: list[User] = filter_users_by_email(login, prefer_verified=True, for_login=True)
        return found[0] if found else None
    return User.objects.named(login).first()
