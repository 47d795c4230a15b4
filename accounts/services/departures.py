"""Leaving: closing one's account for a while, or having it deleted.

Whoever leaves is inactive at once: their sessions end, and others see a closed account. They come back by logging in,
which proves who they are, and saying so. A deletion waits for GRACE and is then carried out by the worker: the apps
above take leave of the person, then the row of `users` goes and takes with it what belongs to it. Messages stay, with
nobody's name on them. The user name is never given to anyone again: links and mentions of it would lead to a stranger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import Departure, Export, RetiredName, User
from accounts.models.lookalikes import skeleton
from accounts.services import avatars, exports, people, sessions
from accounts.signals import person_leaves
from chatsite.errors import Conflict, NotFound
from chatsite.postgres.scope import as_auth, as_worker
from chatsite.types import UserId

GRACE = timedelta(days=14)
TELL = "accounts.tasks.tell_of_departure"


@as_auth()
def of(user: User) -> Departure | None:
    """How this person left, if they did and may still come back."""
    return Departure.objects.filter(user=user, begun_at=None).first()


def close(me: UserId) -> Departure:
    """Close my account until I come back. Raises Conflict for the last administrator."""
    return _leave(me, None)


def delete(me: UserId) -> Departure:
    """Have my account deleted after GRACE. Raises Conflict for the last administrator."""
    return _leave(me, timezone.now() + GRACE)


@as_auth()
@transaction.atomic
def come_back(user: UserId) -> User:
    """Undo a departure; by oneself after proving who one is, or by the staff. Raises NotFound when it is too late."""
    departure = Departure.objects.select_for_update().filter(user__pk=user, begun_at=None).first()
    if departure is None:
        raise NotFound(_("There is no such account any more."))
    person = departure.user
    departure.delete()
    person.is_active = True
    person.save(update_fields=["is_active", "updated_at"])
    transaction.on_commit(lambda: people.forget(user))
    return person


@as_worker()
def due(now: datetime) -> list[UserId]:
    """Whose time is up, also those with whom an earlier try did not get to the end."""
    return [UserId(str(one)) for one in Departure.objects.filter(due_at__lte=now).values_list("user_id", flat=True)]


@as_worker()
def carry_out(user: UserId) -> bool:
    """Delete someone whose time is up; False where they came back meanwhile. Repeated, it goes on where it stopped.

    The apps above go first, and what fails there ends this try: nothing of a person may be left once they are gone.
    """
    with transaction.atomic():
        departures = Departure.objects.select_for_update().filter(user__pk=user, due_at__lte=timezone.now())
        if not departures.update(begun_at=timezone.now()):
            return False
    person_leaves.send(sender=None, user_id=user)
    avatars.discard(user)
    exports.remove(user)
    strike(user)
    return True


@transaction.atomic
def strike(user: UserId) -> None:
    """Delete somebody's row, and their name for ever; in the scope of who may do that. The database takes along what
    belongs to them: whoever strikes them need not be able to see it."""
    gone = User.objects.filter(pk=user)
    RetiredName.objects.get_or_create(digest=_digest(gone.values_list("username", flat=True).get()))
    gone._raw_delete(gone.db)
    transaction.on_commit(lambda: people.forget(user))


@as_auth()
def retired(usernames: Iterable[str]) -> set[str]:
    """Those of these names that belonged to somebody who is gone, or look like such a name."""
    digests = {_digest(one): one for one in usernames}
    return {digests[one] for one in RetiredName.objects.filter(pk__in=digests).values_list("pk", flat=True)}


@as_auth()
@transaction.atomic
def _leave(me: UserId, due_at: datetime | None) -> Departure:
    """Administrators are locked, all of them: of the last two who leave at once, one stays."""
    administrators = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").select_for_update()
    if {UserId(str(one)) for one in administrators.values_list("pk", flat=True)} == {me}:
        raise Conflict(
            _("You are the only administrator. Make somebody else one first: without one, nobody could help.")
        )
    departure, _made = Departure.objects.update_or_create({"due_at": due_at}, user_id=UUID(me))
    person = User.objects.get(pk=me)
    person.is_active = False
    person.save(update_fields=["is_active", "updated_at"])
    sessions.end_all(person)
    Export.objects.filter(user__pk=me).update(expires_at=timezone.now())
    transaction.on_commit(lambda: people.forget(me))
    if due_at:
        app.configure_task(TELL).defer(user_id=me)
    return departure


def _digest(username: str) -> str:
    return hashlib.sha256(skeleton(username).encode()).hexdigest()
