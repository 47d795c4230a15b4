"""The account at the OpenID Connect provider that a person logs in with."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount

from accounts.models import User
from chatsite.postgres.scope import as_auth


@as_auth()
def of(me: User) -> SocialAccount | None:
    """The account at the provider that is connected with mine."""
    return SocialAccount.objects.filter(user=me).first()
