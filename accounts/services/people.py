"""Who people are to others: their cards, and how to find them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

import msgspec
from django.core.cache import cache
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts import policy
from accounts.models import Profile, User
from chatsite.errors import Invalid
from chatsite.postgres.scope import acting, as_site
from chatsite.types import UserId
from chatsite.web.pagination import pack, unpack

CARD_TTL = 60  # seconds
LAST_CHARACTER = "\U0010ffff"


class Card(msgspec.Struct, frozen=True):
    """What is shown of a person wherever their name stands."""

    id: UserId
    username: str
    display_name: str
    avatar_url: str | None = None


Position = tuple[str, str]
"""Where a page of people ended: the name that matched, lower-cased, and the person's id."""


def position(word: str) -> Position | None:
    """A `next` that came back in an address, as `find` takes it; None for an empty one. Raises Invalid."""
    if not word:
        return None
    key, user = unpack(word, 2)
    try:
        return key, str(UUID(user))
    except ValueError:
        raise Invalid(_("This page does not exist.")) from None


class Found(msgspec.Struct, frozen=True):
    """A page of people. `next` is the word that continues after it; None where nothing follows."""

    cards: list[Card]
    next: str | None


def card(user: UserId) -> Card:
    """One person's card; `closed` for one who left, and `former` where there is no such account."""
    return cards([user])[user]


def cards(ids: Iterable[UserId]) -> dict[UserId, Card]:
    """The cards of these people, at most 60 s old, by id. One cache request and at most one query for all of them."""
    wanted = {_key(user): user for user in ids}
    found: dict[UserId, Card] = {wanted[key]: card for key, card in cache.get_many(list(wanted)).items()}
    missing = [user for user in wanted.values() if user not in found]
    if missing:
        with as_site():
            read = {card.id: card for card in _cards(User.objects.filter(pk__in=missing))}
        cache.set_many({_key(user): card for user, card in read.items()}, CARD_TTL)
        found |= {user: read.get(user) or former(user) for user in missing}
    return {user: card if card.display_name else closed(user) for user, card in found.items()}


def closed(user: UserId) -> Card:
    """The card of someone who closed their account, and may come back."""
    return Card(id=user, username="", display_name=_("Deactivated account"))


def former(user: UserId) -> Card:
    """The card of someone whose account is gone."""
    return Card(id=user, username="", display_name=_("Deleted person"))


def named(usernames: Iterable[str]) -> dict[str, UserId]:
    """Who has these user names, in any letter case; by the name in lower case. Names that nobody has are left out."""
    keys = [Lower(Value(one)) for one in usernames if "\0" not in one]
    with as_site():
        found = list(User.objects.filter(search_key__in=keys).values_list("username", "pk")) if keys else []
    return {username.casefold(): UserId(str(user)) for username, user in found}


def forget(user: UserId) -> None:
    """Drop the cached card: the person changed something on it."""
    cache.delete(_key(user))


def search(viewer: UserId, text: str, limit: int = 20) -> list[Card]:
    """Up to `limit` active people whose user name or display name begins with `text`, in any letter case; all for an
    empty text. Leaves out the viewer and everyone with a block between them."""
    return find(viewer, text, limit).cards


@acting
def find(viewer: UserId, text: str, limit: int, after: Position | None = None) -> Found:
    """As `search`, a page at a time: `after` is the `position` of the page before's `next`.

    Sorted by the name that matched. Two ordered index ranges are merged, user names and display names, each read only
    as far as the page needs; who matches by both is found by the user name only.
    """
    text = text.strip().removeprefix("@")
    if "\0" in text:  # no name has one, and PostgreSQL takes none
        return Found(cards=[], next=None)
    rows = _rows(_others(User.objects.all(), viewer, "pk"), text, "pk", after, limit)
    if text:
        profiles = _others(Profile.objects.all(), viewer, "user_id").exclude(_begins(text, "user__search_key"))
        rows += _rows(profiles, text, "user_id", after, limit)
    rows.sort(key=lambda row: (row[0].encode(), row[1]))
    places = [(key, UserId(str(user))) for key, user in rows[:limit]]
    known = cards(user for _key, user in places)
    return Found(cards=[known[user] for _key, user in places], next=pack(*places[-1]) if len(rows) > limit else None)


M = TypeVar("M", User, Profile)


def _others(rows: QuerySet[M], viewer: UserId, person: str) -> QuerySet[M]:
    active = {"is_active" if person == "pk" else "user__is_active": True}
    return policy.findable(rows, person).filter(**active).exclude(**{person: viewer})


def _begins(text: str, key: str = "search_key") -> Q:
    return Q((f"{key}__gte", Lower(Value(text))), (f"{key}__lt", Lower(Value(text + LAST_CHARACTER))))


def _rows(rows: QuerySet[M], text: str, person: str, after: Position | None, limit: int) -> list[tuple[str, UUID]]:
    rows = rows.filter(_begins(text)) if text else rows
    if after:
        key, user = after
        rows = rows.filter(Q(search_key__gt=key) | Q(("search_key", key), (f"{person}__gt", user)), search_key__gte=key)
    return list(rows.order_by("search_key", person).values_list("search_key", person)[: limit + 1])


def _cards(people: QuerySet[User]) -> Iterator[Card]:
    """Of who left by themself there is nothing on it: words for that are found when it is shown."""
    for user, username, display_name, avatar_url, left in people.values_list(
        "pk", "username", "profile__display_name", "profile__avatar_url", "departure"
    ):
        shown = Card(UserId(str(user)), username, display_name or username, avatar_url or None)
        yield Card(shown.id, "", "") if left else shown


def _key(user: UserId) -> str:
    return f"card:{user}"
