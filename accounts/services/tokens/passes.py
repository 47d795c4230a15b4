"""What a socket was opened with, so that it can be asked later whether it still stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from accounts.models import RefreshToken, User
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId


class Pass(NamedTuple):
    """A person, and the chain of refresh tokens they came with; None for those who came with a ticket of a page."""

    user: UserId
    family: UUID | None


@as_auth()
def standing(passes: Sequence[Pass]) -> dict[Pass, bool]:
    """For each of these passes, whether the account may still be used and its session was not ended. Two queries."""
    people = {one.user for one in passes}
    chains = {one.family for one in passes if one.family is not None}
    active = set(User.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
    alive = RefreshToken.objects.filter(family__in=chains, revoked=False).values_list("user_id", "family")
    living = set(alive) if chains else set()
    return {
        one: UUID(one.user) in active and (one.family is None or (UUID(one.user), one.family) in living)
        for one in passes
    }


def stands(shown: Pass) -> bool:
    """As `standing`, for one."""
    return standing([shown])[shown]
