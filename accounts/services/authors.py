"""People who are known only from a log that was taken over: they wrote, and cannot sign in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Profile, User
from accounts.models.lookalikes import skeleton
from accounts.models.nowhere import nowhere
from accounts.models.profile import DISPLAY_NAME_MAX
from accounts.models.texts import ONE_LINE, line
from accounts.models.usernames import USERNAME_MAX, USERNAME_MIN, is_reserved
from accounts.services import departures
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId

SPACE = UUID("6f1b2a52-8d0c-5f5e-9a57-2f3c0c1f7e11")
SUFFIX = 7  # characters of "-" and six digits


@as_auth()
@transaction.atomic
def authors(nicks: Iterable[str]) -> dict[str, UserId]:
    """An inactive account for each nick, made where it is not there; by nick. The letter case of a nick does not count.

    They never become anyone who has an account: where a user name is taken, theirs gets a suffix.
    """
    by_id: dict[UUID, str] = {}
    ids = {nick: uuid5(SPACE, nick.lower()) for nick in nicks}
    for nick, pk in ids.items():
        by_id.setdefault(pk, nick)
    lock({pk: (nick, nick) for pk, nick in by_id.items()})
    return {nick: UserId(str(pk)) for nick, pk in ids.items()}


@as_auth()
@transaction.atomic
def lock(people: Mapping[UUID, tuple[str, str]]) -> None:
    """An inactive account under each of these ids, where there is none, with a user name and a name like these: nobody
    can sign in to it."""
    there = set(User.objects.filter(pk__in=people).values_list("pk", flat=True))
    fresh = {pk: names for pk, names in people.items() if pk not in there}
    names, locked = usernames({pk: nick for pk, (nick, _shown) in fresh.items()}), make_password(None)
    User.objects.bulk_create(
        User(id=pk, username=names[pk], email=nowhere(pk, "authors"), password=locked, is_active=False) for pk in fresh
    )
    Profile.objects.bulk_create(Profile(user_id=pk, display_name=shown(name)) for pk, (_nick, name) in fresh.items())


def usernames(nicks: Mapping[UUID, str]) -> dict[UUID, str]:
    """User names that nobody has, nor had, like these nicks."""
    wished = {pk: _wish(nick) for pk, nick in nicks.items()}
    taken = set(User.objects.looking_like(wished.values()).values_list("skeleton", flat=True))
    retired, given = departures.retired(wished.values()), {}
    for pk, name in wished.items():
        if skeleton(name) in taken or is_reserved(name) or name in retired:
            name = f"{name[: USERNAME_MAX - SUFFIX]}-{pk.hex[:6]}"
        taken.add(skeleton(name))
        given[pk] = name
    return given


def _wish(nick: str) -> str:
    """The nick, as far as a user name can be like it."""
    name = re.sub(r"[^\w.-]", "_", User.normalize_username(nick), flags=re.ASCII)
    name = name.strip(".-")[:USERNAME_MAX].rstrip(".-") or "author"
    return name if len(name) >= USERNAME_MIN else f"{name}_"


def shown(nick: str) -> str | None:
    """The nick, as far as a display name can be it."""
    kept = line(re.sub(ONE_LINE.refused + ONE_LINE.in_python, "", nick))[:DISPLAY_NAME_MAX]
    return kept.rstrip() or None
