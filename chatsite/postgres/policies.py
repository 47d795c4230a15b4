"""Who may do what with which rows: every table of the schema, as data. What makes it so, and looks whether it is so,
is `grants.py`.

A rule lets one role do one thing with some rows and some columns; it becomes a grant and a policy. What no rule allows
is refused. Conditions use columns of their own table and the functions of `functions.py` only, and a function always
within a SELECT of its own, so that it is asked once per statement and not once per row.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from chatsite.postgres.roles import ADMIN, APP, AUTH, RULES, SITE, WORKER

ME = "(SELECT chat_app.uid())"
HIDDEN = "(SELECT chat_app.hidden())::uuid[]"
READ, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"
ALL = (READ, ADD, CHANGE, REMOVE)


class Rule(NamedTuple):
    """`rows`: which rows, before the statement; `becomes`: which rows may come of it, the same ones where it is not
    said; `columns`: which columns, "" for all."""

    role: str
    command: str
    rows: str = "true"
    becomes: str = ""
    columns: str = ""


def rules(role: str, *commands: str, rows: str = "true") -> tuple[Rule, ...]:
    """Several commands on the same rows, with all columns."""
    return tuple(Rule(role, command, rows) for command in commands)


def may(role: str, columns: str, rows: str = "true", command: str = READ) -> Rule:
    """One command on some columns, reading unless it is said."""
    return Rule(role, command, rows, columns=columns)


_MINE = f"user_id = {ME}"
_ABOUT_ME = f"related_user_id = {ME} AND type = 'friend'"
_SAID = f"{_MINE} AND (type = 'blocked' OR status = 'pending' OR related_user_id IN (SELECT chat_app.agreed()))"
_SESSION = "id expires_at created_at revoked revoked_at family used_at authenticated_at device parent_id user_id"

TABLES: dict[str, tuple[Rule, ...]] = {
    "users": (
        may(APP, "id username created_at is_active is_staff search_key"),
        *rules(AUTH, READ, ADD, CHANGE),
        may(SITE, "id username is_active is_staff is_superuser created_at search_key"),
        may(WORKER, "id username email is_active"),
        Rule(WORKER, REMOVE, "id IN (SELECT chat_app.leaving())"),
        may(
            ADMIN,
            "id email username created_at updated_at last_login_at is_active is_verified is_staff is_superuser "
            "search_key skeleton",
        ),
        *rules(ADMIN, ADD, CHANGE, REMOVE),
        may(RULES, "id is_active created_at last_login_at"),
    ),
    "profiles": (
        Rule(APP, READ, f"{_MINE} OR user_id <> ALL ({HIDDEN})"),
        Rule(APP, ADD, _MINE),
        may(APP, "display_name bio avatar_url updated_at", _MINE, CHANGE),
        *rules(AUTH, READ, ADD),
        may(SITE, "id user_id display_name avatar_url"),
        may(WORKER, "id user_id avatar_url"),
        *rules(ADMIN, *ALL),
    ),
    "relationships": (
        # A block is for the eyes of who set it. A request also reaches who has blocked the one who asks, and is not
        # shown to them: refusing it here would tell.
        Rule(APP, READ, f"{_MINE} OR ({_ABOUT_ME})"),
        Rule(APP, ADD, _SAID),
        Rule(APP, CHANGE, f"{_MINE} OR ({_ABOUT_ME})", f"({_SAID}) OR ({_ABOUT_ME})", "type status updated_at"),
        Rule(APP, REMOVE, f"{_MINE} OR ({_ABOUT_ME} AND status = 'accepted')"),
        *rules(SITE, READ),
        *rules(ADMIN, *ALL),
        *rules(RULES, READ),
    ),
    "settings": (*rules(APP, *ALL, rows=_MINE), *rules(SITE, READ), *rules(ADMIN, *ALL)),
    "refresh_tokens": (
        may(APP, _SESSION, _MINE),
        *rules(AUTH, READ, ADD, CHANGE),
        may(WORKER, "id expires_at"),
        Rule(WORKER, REMOVE, "expires_at < clock_timestamp()"),
        may(ADMIN, _SESSION),
        may(ADMIN, "revoked revoked_at", command=CHANGE),
        *rules(ADMIN, REMOVE),
    ),
    "applications": (*rules(AUTH, READ, ADD, CHANGE), *rules(ADMIN, *ALL)),
    "invitations": (
        *rules(AUTH, READ, ADD, CHANGE),
        may(ADMIN, "id note uses uses_max created_at expires_at revoked_at made_by_id"),
        *rules(ADMIN, REMOVE),
    ),
    "departures": (
        *rules(AUTH, *ALL),
        may(SITE, "id user_id"),
        *rules(WORKER, READ),
        Rule(WORKER, CHANGE, "due_at <= clock_timestamp()", columns="begun_at"),
        *rules(ADMIN, READ),
        may(RULES, "user_id due_at begun_at"),
    ),
    "retired_names": (*rules(AUTH, READ), *rules(WORKER, READ, ADD), *rules(ADMIN, READ, ADD)),
    "exports": (
        *rules(APP, *ALL, rows=_MINE),
        may(AUTH, "id user_id expires_at"),
        may(AUTH, "expires_at", command=CHANGE),
        *rules(WORKER, READ, CHANGE, REMOVE),
    ),
    "account_emailaddress": (*rules(AUTH, *ALL), *rules(ADMIN, *ALL)),
    "account_emailconfirmation": rules(AUTH, *ALL),
    "mfa_authenticator": rules(AUTH, *ALL),
    "usersessions_usersession": rules(AUTH, *ALL),
    "django_session": rules(AUTH, *ALL),
    "socialaccount_socialaccount": rules(AUTH, *ALL),
    "socialaccount_socialtoken": rules(AUTH, *ALL),
    "users_groups": (*rules(AUTH, READ), *rules(ADMIN, *ALL)),
    "users_user_permissions": (*rules(AUTH, READ), *rules(ADMIN, *ALL)),
    "django_admin_log": (*rules(ADMIN, READ), Rule(ADMIN, ADD, _MINE)),
}


class Exempt(NamedTuple):
    """A table without row-level security: why, and what each role may do with it."""

    reason: str
    rules: tuple[Rule, ...] = ()


_QUEUE = Exempt("rows belong to jobs, not to people", (*rules(WORKER, *ALL), *rules(ADMIN, READ)))
_RIGHTS = Exempt("kinds of rights, the same for all", (*rules(AUTH, READ), *rules(ADMIN, READ)))

EXEMPT: dict[str, Exempt] = {
    "django_migrations": Exempt("which migrations are applied; the owner's alone"),
    "django_content_type": _RIGHTS,
    "auth_permission": _RIGHTS,
    "auth_group": Exempt("groups of rights", (*rules(AUTH, READ), *rules(ADMIN, *ALL))),
    "auth_group_permissions": Exempt("groups of rights", (*rules(AUTH, READ), *rules(ADMIN, *ALL))),
    "socialaccount_socialapp": Exempt("providers; empty, as the settings name the one there is", rules(AUTH, READ)),
    "procrastinate_jobs": _QUEUE,
    "procrastinate_events": _QUEUE,
    "procrastinate_periodic_defers": _QUEUE,
    "procrastinate_workers": _QUEUE,
}


def of(table: str) -> tuple[Rule, ...]:
    """The rules of a table, with or without row-level security."""
    return TABLES[table] if table in TABLES else EXEMPT[table].rules


@cache
def may_read(role: str, table: str, column: str) -> bool:
    """Whether a rule lets this role read this column, of whichever rows."""
    return any(
        (rule.role, rule.command) == (role, READ) and (not rule.columns or column in rule.columns.split())
        for rule in of(table)
    )


def tables() -> Iterator[str]:
    """Every table that is known here."""
    yield from TABLES
    yield from EXEMPT
