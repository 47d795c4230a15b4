"""How a person shows themself to others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from accounts import policy
from accounts.models import Profile
from accounts.services import facts, people
from chatsite.postgres.scope import acting
from chatsite.realtime import presence
from chatsite.types import UserId


class About(msgspec.Struct, frozen=True):
    """What somebody gets to read about a person. `online` is None where that is not for their eyes; `last_seen` is when
    the person was last here, where that is told and they are not here now."""

    bio: str | None = None
    online: bool | None = None
    last_seen: datetime | None = None


@acting
def about(me: UserId, other: UserId) -> About:
    """What this person gets to read about another one, or about themself.

    What two people share in conversations is not known here: only friends are told whether somebody is here.
    """
    if me == other:
        return About(bio=profile(me).bio)
    between = facts.between(me, other)
    if policy.open_profile(between) != policy.YES:
        return About()
    bio = Profile.objects.filter(user__pk=other).values_list("bio", flat=True).first()
    if policy.see_last_seen(between) != policy.YES:
        return About(bio=bio)
    online = bool(presence.online([other]))
    return About(bio=bio, online=online, last_seen=None if online else presence.last_seen(other))


@acting
def profile(user: UserId) -> Profile:
    """A person's profile; an account made without one (by `createsuperuser`, say) gets it now."""
    return Profile.objects.get_or_create(user_id=UUID(user))[0]


@acting
def update(me: UserId, **changes: str | None) -> Profile:
    """Change my `display_name` or `bio`; an empty one becomes NULL. The caller's form or serializer has validated them.
    Others see it at once, where their page is not older than that."""
    mine = profile(me)
    for name, value in changes.items():
        setattr(mine, name, (value or "").strip() or None)
    mine.save(update_fields=[*changes, "updated_at"])
    transaction.on_commit(lambda: people.forget(me))
    return mine
