"""People who come over from another system: those who have an account here are known by their address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User, texts
from accounts.models.profile import DISPLAY_NAME_MAX
from accounts.services import authors, importing
from accounts.services.importing import Row
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId

SPACE = UUID("2f0f0f0e-7b2c-5a1b-8f2e-0c9b7d7a4d11")


class Newcomer(NamedTuple):
    """Someone as the other system knows them. `key` is theirs there for ever; `email` is "" where it is not told. Who
    may not come in (any more) is not `active`: they wrote, and that is all."""

    key: str
    username: str
    email: str
    display_name: str
    active: bool


class Taken(NamedTuple):
    """Their ids here by key, and the keys of those who can come in; how many of these were known by their address; who
    was made and has no password yet."""

    ids: dict[str, UserId]
    active: set[str]
    known: int
    made: list[User]


@as_auth()
@transaction.atomic
def take_over(people: Iterable[Newcomer]) -> Taken:
    """Finds these people here, and makes who is not there: without a password, or inactive. All or none; doing it again
    finds the same ones."""
    wanted = list(people)
    ids = {one.key: uuid5(SPACE, one.key) for one in wanted}
    there = dict(User.objects.filter(pk__in=ids.values()).values_list("pk", "is_active"))
    addresses = {one.email.lower() for one in wanted if one.email}
    by_email = {user.email.lower(): user.pk for user in User.objects.filter(email__in=addresses)}
    found = {key: pk for key, pk in ids.items() if pk in there}
    known = {one.key: by_email[one.email.lower()] for one in wanted if one.email.lower() in by_email}
    missing = [one for one in wanted if one.key not in found and one.key not in known]
    made = _made([one for one in missing if one.active and one.email], ids)
    rest = [one for one in missing if one.key not in made]
    authors.lock({ids[one.key]: (one.username, one.display_name or one.username) for one in rest})
    everyone = {key: UserId(str(pk)) for key, pk in (ids | known | found).items()}
    active = {key for key, pk in found.items() if there[pk]} | (known.keys() - found.keys()) | made.keys()
    return Taken(everyone, active, len(known.keys() - found.keys()), list(made.values()))


def _made(people: list[Newcomer], ids: dict[str, UUID]) -> dict[str, User]:
    """Accounts that want a password, by key. Who has an address that is none, or another one's, gets none."""
    names = authors.usernames({ids[one.key]: one.username for one in people})
    rows = [Row(line, names[ids[one.key]], one.email, _shown(one), "") for line, one in enumerate(people)]
    wrong = {problem.line for problem in importing.wrong(rows)}
    fit = [row for row in rows if row.line not in wrong]
    made = importing.carry_out(fit, ids={row.line: ids[people[row.line].key] for row in fit})
    return {people[row.line].key: user for row, user in zip(fit, made, strict=True)}


def _shown(one: Newcomer) -> str:
    return texts.line(authors.shown(one.display_name) or "")[:DISPLAY_NAME_MAX]
