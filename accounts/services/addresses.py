"""A person's e-mail address. allauth keeps in its own table whether it is proven; `users.is_verified` follows that."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import User
from chatsite.postgres.scope import as_auth


@as_auth()
@transaction.atomic
def put(user: User, email: str, *, verified: bool = False) -> None:
    """This is somebody's one address from now on, or, where it is none, they have none. `verified`: they have proved
    that it is theirs, or the staff vouch for it."""
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    user.email = email
    user.save(update_fields=["email"])
    verified = verified and bool(user.address)
    EmailAddress.objects.update_or_create({"primary": True, "verified": verified}, user=user, email=email)
    user.is_verified = verified  # the receiver below has written it; whoever goes on with this object sees it too


@as_auth()
def follow(user_id: UUID) -> None:
    """`is_verified` is what allauth's table says of the primary address."""
    proven = EmailAddress.objects.filter(user_id=user_id, primary=True, verified=True).exists()
    for user in User.objects.filter(pk=user_id, is_verified=not proven):
        user.is_verified = proven
        user.save(update_fields=["is_verified"])


@as_auth()
def is_proven(user: User) -> bool:
    """Whether this person may be let in as far as their address goes: where there is mail, it must be theirs. Whoever
    has none has nothing to prove."""
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory" or not user.address:
        return True
    return bool(EmailAddress.objects.filter(user=user, verified=True).exists())
