"""What belongs into a copy of one's data. Each app says so for itself: `contribute`, when it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from accounts.models import Relationship, User
from accounts.services import avatars, profiles, sessions, settings, tokens
from chatsite.postgres.scope import acting, as_auth
from chatsite.types import UserId


class Part(NamedTuple):
    """A file of the archive. `rows` come one by one and are never all in memory; each counts as one of the whole."""

    name: str
    rows: Iterable[bytes]


class Contribution(NamedTuple):
    """What an app has of a person: about how many rows, and the files with them."""

    count: Callable[[UserId], int]
    parts: Callable[[UserId], Iterator[Part]]


_contributions: list[Contribution] = []


def contribute(contribution: Contribution) -> None:
    """Have an app's files in every copy."""
    if contribution not in _contributions:
        _contributions.append(contribution)


def count(user: UserId) -> int:
    """About how many rows all of it has."""
    return sum(one.count(user) for one in _contributions)


def parts(user: UserId) -> Iterator[Part]:
    """All files."""
    for one in _contributions:
        yield from one.parts(user)


def document(name: str, value: Any) -> Part:
    """A file of readable JSON. UUIDs and times become text."""
    return Part(name, [msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"])


def lines(name: str, values: Iterable[Any]) -> Part:
    """A file of JSON, one value a line."""
    return Part(name, (msgspec.json.encode(value) + b"\n" for value in values))


ACCOUNT = ("id", "username", "email", "is_verified", "is_staff", "created_at", "updated_at", "last_login")
PROFILE = ("display_name", "bio", "avatar_url", "created_at", "updated_at")
RELATIONSHIP = ("related_user_id", "related_user__username", "type", "status", "created_at", "updated_at")


def _parts(user: UserId) -> Iterator[Part]:
    with as_auth():
        person = User.objects.get(pk=user)
    profile = profiles.profile(user)
    account = {name: getattr(person, name) for name in ACCOUNT}
    yield document("account.json", account | {"email": person.address or None})
    yield document("profile.json", {name: getattr(profile, name) for name in PROFILE})
    yield document("settings.json", settings.read(user))
    yield document("relationships.json", _relationships(user))
    yield document("sessions.json", {"browsers": sessions.browsers(person, None), "clients": tokens.families(user)})
    picture = avatars.own(user)
    if picture:
        yield Part("picture.webp", [picture])


@acting
def _relationships(user: UserId) -> list[dict[str, Any]]:
    """What this person has said of others; what others said of them is theirs."""
    found = []
    for row in Relationship.objects.filter(user__pk=user).order_by("created_at").values(*RELATIONSHIP):
        shown = Relationship.Status.PENDING if row["status"] == Relationship.Status.REJECTED else row["status"]
        found.append({"username": row.pop("related_user__username"), **row, "status": shown})
    return found


contribute(Contribution(lambda user: 6, _parts))
