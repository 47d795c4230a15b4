"""A row of Ada's in every table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection

from tests.cast import Cast

TOMORROW, YESTERDAY = "2100-01-01", "2000-01-01"
KEYS = {"retired_names": "digest", "django_session": "session_key"}
"""The columns of primary keys, where they are not `id`."""
GENERATED = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attgenerated <> ''"


class Row(NamedTuple):
    """`values` by column, without those that PostgreSQL computes."""

    table: str
    key: str
    values: Mapping[str, Any]


def made(table: str, cast: Cast) -> Row:
    """The row, which is there. What it points to is made with it."""
    block = {"user_id": cast.ada.pk, "related_user_id": cast.cleo.pk, "type": "blocked", "status": "accepted"}
    _insert("relationships", block)
    if table not in ("users", "profiles", "relationships"):
        _insert(table, _values(table, cast))
    key, whose = KEYS.get(table, "id"), {"users": "id", "profiles": "user_id"}.get(table)
    where = f"WHERE {whose} = '{cast.ada.pk}'" if whose else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} {where} ORDER BY {key} DESC LIMIT 1")
        names = [one.name for one in cursor.description]
        values = dict(zip(names, cursor.fetchone(), strict=True))
        cursor.execute(GENERATED, [table])
        computed = {name for (name,) in cursor.fetchall()}
    return Row(table, key, {name: value for name, value in values.items() if name not in computed})


def _values(table: str, cast: Cast) -> dict[str, Any]:
    ada = {"user_id": cast.ada.pk}
    match table:
        case "settings":
            return {**ada, "key": "theme", "value": '"dark"'}
        case "refresh_tokens":
            return {**ada, "token": "hash", "expires_at": YESTERDAY, "family": cast.ada.pk}
        case "applications" | "exports":
            return ada | (
                {"state": "waiting", "done": 0, "total": 0, "file": "", "size": 0} if table == "exports" else {}
            )
        case "invitations":
            return {"token": "hash", "made_by_id": cast.ada.pk, "uses_max": 1, "expires_at": TOMORROW}
        case "departures":
            return {**ada, "due_at": YESTERDAY}
        case "retired_names":
            return {"digest": "0" * 64}
        case "account_emailaddress":
            return {**ada, "email": "x", "verified": False, "primary": True}
        case "account_emailconfirmation":
            address = _insert("account_emailaddress", _values("account_emailaddress", cast))
            return {"email_address_id": address, "created": TOMORROW, "key": "x"}
        case "mfa_authenticator":
            return {**ada, "type": "totp", "data": "{}", "created_at": YESTERDAY}
        case "usersessions_usersession":
            session = {"ip": "192.0.2.0", "session_key": "x", "user_agent": "x", "data": "{}"}
            return {**ada, **session, "created_at": YESTERDAY, "last_seen_at": YESTERDAY}
        case "django_session":
            return {"session_key": "x", "session_data": "x", "expire_date": TOMORROW}
        case "socialaccount_socialaccount":
            moments = {"last_login": YESTERDAY, "date_joined": YESTERDAY}
            return {**ada, "provider": "x", "uid": "x", "extra_data": "{}", **moments}
        case "socialaccount_socialtoken":
            account = _insert("socialaccount_socialaccount", _values("socialaccount_socialaccount", cast))
            return {"account_id": account, "token": "x", "token_secret": "x"}
        case "socialaccount_socialapp":
            words = dict.fromkeys(("provider", "name", "client_id", "secret", "key", "provider_id"), "x")
            return {**words, "settings": "{}"}
        case "users_groups" | "auth_group_permissions":
            group = _insert("auth_group", {"name": "x"})
            return {"group_id": group} | (
                ada if table == "users_groups" else {"permission_id": _any("auth_permission")}
            )
        case "users_user_permissions":
            return {**ada, "permission_id": _any("auth_permission")}
        case "auth_group":
            return {"name": "x"}
        case "auth_permission":
            return {"name": "x", "codename": "x", "content_type_id": _any("django_content_type")}
        case "django_content_type":
            return {"app_label": "x", "model": "x"}
        case "django_admin_log":
            action = {"action_time": YESTERDAY, "object_repr": "x", "action_flag": 1, "change_message": ""}
            return {"user_id": cast.dora.pk, **action}
        case "django_migrations":
            return {"app": "x", "name": "x", "applied": YESTERDAY}
        case "procrastinate_jobs":
            return {"queue_name": "x", "task_name": "x"}
        case "procrastinate_events":
            return {"job_id": _insert("procrastinate_jobs", _values("procrastinate_jobs", cast)), "type": "started"}
        case "procrastinate_periodic_defers":
            return {"task_name": "x", "defer_timestamp": 1}
        case "procrastinate_workers":
            return {"last_heartbeat": YESTERDAY}
    raise LookupError(f"no row of {table} is known: write down who may do what with one")


def _insert(table: str, values: dict[str, Any]) -> Any:
    places = ", ".join(["%s"] * len(values))
    names = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING 1", list(values.values()))
        if table in KEYS:
            return None
        cursor.execute(f"SELECT id FROM {table} ORDER BY id DESC LIMIT 1")
        return cursor.fetchone()[0]


def _any(table: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} LIMIT 1")
        return cursor.fetchone()[0]
