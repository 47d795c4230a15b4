"""How a person shows themself to others."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import Profile
from accounts.services import people
from chatsite.types import UserId


def profile(user: UserId) -> Profile:
    """A person's profile; an account made without one (by `createsuperuser`, say) gets it now."""
    return Profile.objects.get_or_create(user_id=UUID(user))[0]


def update(me: UserId, **changes: str | None) -> Profile:
    """Change my `display_name` or `bio`; an empty one becomes NULL. The caller's form or serializer has validated them.
    Others see it at once, where their page is not older than that."""
    mine = profile(me)
    for name, value in changes.items():
        setattr(mine, name, (value or "").strip() or None)
    mine.save(update_fields=[*changes, "updated_at"])
    transaction.on_commit(lambda: people.forget(me))
    return mine
