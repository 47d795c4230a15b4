"""Second factors: what an account asks for besides the password. allauth keeps and checks them."""

from __future__ import annotations

from typing import Any

import msgspec
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from accounts.models import User
from chatsite.postgres.scope import as_auth

REMEMBERED = 120  # seconds a code is known to be used: longer than any clock's tolerance lets it work
GUARDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone guard nothing


class Protection(msgspec.Struct, frozen=True):
    """What guards an account. `app`: when the authenticator app was set up; `codes`: recovery codes left, None: none
    were made; `passkeys`: allauth's rows."""

    app: Any
    codes: int | None
    passkeys: list[Any]


@as_auth()
def asked_of(user: User) -> bool:
    """Whether this person has to show more than a password."""
    return bool(Authenticator.objects.filter(user=user, type__in=GUARDS).exists())


@as_auth()
def protection(user: User) -> Protection:
    """What guards this account, for its owner to see."""
    rows = {kind: [row for row in _all(user) if row.type == kind] for kind in Authenticator.Type.values}
    apps, codes = rows[Authenticator.Type.TOTP], rows[Authenticator.Type.RECOVERY_CODES]
    return Protection(
        app=apps[0].created_at if apps else None,
        codes=len(codes[0].wrap().get_unused_codes()) if codes else None,
        passkeys=rows[Authenticator.Type.WEBAUTHN],
    )


def first_use(user: User, code: str) -> bool:
    """Marks a code as used; False when it was. allauth remembers one for 30 s, but with a clock's tolerance it works
    for 90."""
    return cache.add(f"otp:{user.pk}:{''.join(filter(str.isalnum, code))}", True, REMEMBERED)


@as_auth()
def forget_all(user: User) -> int:
    """For someone who has lost them all: the password alone is asked for again. Returns how many there were."""
    return len([row.delete() for row in _all(user)])


def _all(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user).order_by("created_at"))
