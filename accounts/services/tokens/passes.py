"""What a socket was opened with, so that it can be asked later whether it still stands."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from accounts.models import RefreshToken, User
from chatsite.types import UserId


class Pass(NamedTuple):
    """A person, and the chain of refresh tokens they came with; None for those who came with a ticket of a page."""

    user: UserId
    family: UUID | None


def stands(shown: Pass) -> bool:
    """Whether the account may still be used and its session was not ended."""
    if not User.objects.filter(pk=shown.user, is_active=True).exists():
        return False
    if shown.family is None:
        return True
    return RefreshToken.objects.filter(user__pk=shown.user, family=shown.family, revoked=False).exists()
