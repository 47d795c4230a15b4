"""What people have set. What may be set is declared in `declared`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.declared import AUTOMATIC, DECLARED, GROUPS, Declared, defaults
from accounts.models import Setting
from accounts.signals import announce, settings_changed
from chatsite.errors import Invalid
from chatsite.postgres.scope import acting, as_site
from chatsite.types import UserId

__all__ = ["AUTOMATIC", "DECLARED", "GROUPS", "Declared", "defaults", "off", "read", "switched_off", "update"]

TTL = 60  # seconds a read may lag behind a change made by another process


def read(user: UserId) -> dict[str, Any]:
    """All settings of a person, defaults filled in. One cache request, or one query."""
    values: dict[str, Any] | None = cache.get(_key(user))
    if values is None:
        values = _stored(user)
        cache.add(_key(user), values, TTL)  # not over what somebody has just written: this may be older
    return defaults() | values


@as_site()
def _stored(user: UserId) -> dict[str, Any]:
    stored = dict(Setting.objects.filter(user__pk=user, key__in=DECLARED).values_list("key", "value"))
    # A stored value that a newer version no longer knows counts as never set.
    return {key: value for key, value in stored.items() if DECLARED[key].problem(value) is None}


@as_site()
def off(keys: Sequence[str], people: Iterable[UserId]) -> dict[str, set[UserId]]:
    """Who of `people` has switched off each of these, as PostgreSQL has it now. One query."""
    found: dict[str, set[UserId]] = {key: set() for key in keys}
    rows = Setting.objects.filter(user__pk__in=list(people), key__in=keys, value=False)
    for key, one in rows.values_list("key", "user_id"):
        found[key].add(UserId(str(one)))
    return found


def switched_off(key: str, people: Iterable[UserId]) -> set[UserId]:
    """Those of `people` who have switched this off, as PostgreSQL has it now. One query."""
    return off([key], people)[key]


@acting
def update(me: UserId, changes: Mapping[str, object]) -> dict[str, Any]:
    """Change some of my settings and return them all. Raises Invalid, naming each wrong key, and then changes none."""
    problems = {key: [problem] for key, value in changes.items() if (problem := _problem(key, value))}
    if problems:
        raise Invalid(_("Some settings are not valid."), fields=problems)
    with transaction.atomic():
        for key, value in changes.items():
            Setting.objects.update_or_create({"value": value}, user_id=UUID(me), key=key)
        transaction.on_commit(_refresh(me))
        announce(settings_changed, user_id=me, changes=dict(changes))
    return read(me) | dict(changes)


def _problem(key: str, value: object) -> str | None:
    declared = DECLARED.get(key)
    return declared.problem(value) if declared else _("There is no such setting.")


def _refresh(user: UserId) -> Callable[[], None]:
    return lambda: cache.set(_key(user), _stored(user), TTL)


def _key(user: UserId) -> str:
    return f"settings:{user}"
