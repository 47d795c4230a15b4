"""Many new people at once, from a table: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower

from accounts.models import Profile, User, texts
from accounts.models.lookalikes import TAKEN, skeleton
from accounts.services import departures
from chatsite.postgres.scope import as_auth

COLUMNS = ("username", "email", "display_name", "password")
BATCH = 500  # rows an INSERT carries
ANY: Mapping[int, UUID] = {}


class Row(NamedTuple):
    """A line of the table, stripped. `line` counts from 1, the heading included."""

    line: int
    username: str
    email: str
    display_name: str
    password: str


class Problem(NamedTuple):
    line: int
    column: str
    message: str


class Plan(NamedTuple):
    """What a table asks for: people to make, names that are there already, and what is wrong."""

    new: list[Row]
    known: list[Row]
    problems: list[Problem]


@as_auth()
def plan(lines: Iterable[tuple[int, Mapping[str | None, str | list[str] | None]]]) -> Plan:
    """Check a whole table without changing anything: every problem of every line, not just the first."""
    rows, problems = [], []
    for line, cells in lines:
        if None in cells or None in cells.values():
            problems.append(Problem(line, "", f"has not {len(COLUMNS)} columns like the heading."))
        else:
            row = Row(line, *(str(cells[column]).strip() for column in COLUMNS))
            rows.append(row._replace(display_name=texts.line(row.display_name)))
    names = {row.username.lower() for row in rows}
    there = set(User.objects.annotate(key=Lower("username")).filter(key__in=names).values_list("key", flat=True))
    known = [row for row in rows if row.username.lower() in there]
    new = [row for row in rows if row.username.lower() not in there]
    problems += wrong(new)
    return Plan(new, known, sorted(problems))


@as_auth()
@transaction.atomic
def carry_out(
    rows: list[Row], tick: Callable[[int], None] = lambda done: None, ids: Mapping[int, UUID] = ANY
) -> list[User]:
    """Make these people, in order, each with a profile and their address on allauth's list. All or none.

    `tick` hears how many passwords are hashed. `ids` by line are given where they are not just any.

    Hashing is nearly all of the work, and argon2 lets other threads run meanwhile: one thread per processor.
    """
    people = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for row, hashed in zip(rows, pool.map(_hash, rows), strict=True):
            own = {"id": ids[row.line]} if row.line in ids else {}
            people.append(User(username=row.username, email=row.email, password=hashed, **own))
            tick(len(people))
    User.objects.bulk_create(people, batch_size=BATCH)
    named = zip(people, rows, strict=True)
    Profile.objects.bulk_create(
        [Profile(user=user, display_name=row.display_name or None) for user, row in named], batch_size=BATCH
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email.lower(), primary=True) for user in people], batch_size=BATCH
    )
    return people


def _hash(row: Row) -> str:
    """Without a password: one that nothing matches, until a link has been used."""
    return make_password(row.password or None)


@as_auth()
def wrong(rows: list[Row]) -> list[Problem]:
    """What is wrong with these rows, which are to be new."""
    return sorted(_wrong(rows))


def _wrong(rows: list[Row]) -> Iterator[Problem]:
    addresses = {row.email.lower() for row in rows}
    taken = set(User.objects.filter(email__in=addresses).values_list("email", flat=True))
    names = User.objects.looking_like(row.username for row in rows)
    alike = set(names.values_list("skeleton", flat=True))
    retired = departures.retired(row.username for row in rows)
    seen: dict[str, int] = {}
    for row in rows:
        yield from _wrong_fields(row)
        if row.email.lower() in taken:
            yield Problem(row.line, "email", "Someone else already has this address.")
        if skeleton(row.username) in alike or row.username in retired:
            yield Problem(row.line, "username", str(TAKEN))
        for column, value in (("username", skeleton(row.username)), ("email", row.email.lower())):
            first = seen.setdefault(f"{column} {value}", row.line)
            if value and first != row.line:
                yield Problem(row.line, column, f"The same as on line {first}, or looks like it.")


def _wrong_fields(row: Row) -> Iterator[Problem]:
    user = User(username=row.username, email=row.email)
    if row.username != User.normalize_username(row.username):
        yield Problem(row.line, "username", "Is not in Unicode's normal form KC.")
    profile = Profile(display_name=row.display_name or None)
    for shown, left_out in ((user, {"password"}), (profile, {"user"})):
        try:
            shown.clean_fields(left_out)
        except ValidationError as error:
            yield from (Problem(row.line, name, text) for name, words in error.message_dict.items() for text in words)
    if row.password:
        try:
            validate_password(row.password, user)
        except ValidationError as error:
            yield from (Problem(row.line, "password", text) for text in error.messages)
