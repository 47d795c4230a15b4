"""The sessions of clients other than browsers, as their owner sees them: one per chain of refresh tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import RefreshToken
from accounts.services.tokens.refreshing import end_family
from chatsite.errors import NotFound
from chatsite.postgres.scope import acting
from chatsite.types import UserId


class Family(msgspec.Struct, frozen=True):
    """One client that is signed in."""

    id: UUID
    device: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@acting
def families(me: UserId) -> list[Family]:
    """My living chains, the last used first."""
    rows = (
        RefreshToken.objects.filter(user__pk=me, revoked=False)
        .values("family", "device", began=F("authenticated_at"))
        .annotate(last_used_at=Max("created_at"), until=Max("expires_at"))
        .filter(until__gt=timezone.now())
        .order_by("-last_used_at")
    )
    return [Family(row["family"], row["device"], row["began"], row["last_used_at"], row["until"]) for row in rows]


def end(me: UserId, family: UUID) -> None:
    """Sign one of my clients out. Raises NotFound where I have no such chain."""
    if not end_family(UUID(me), family):
        raise NotFound(_("There is no such session."))
