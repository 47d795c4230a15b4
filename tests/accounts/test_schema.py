"""The five tables against the database plan, to the letter, as PostgreSQL itself describes them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import Cast

pytestmark = pytest.mark.django_db

NOW, UUID4, TRUE, FALSE = "now()", "gen_random_uuid()", "true", "false"
REQUIRED, OPTIONAL = "NO", "YES"  # information_schema.columns.is_nullable

# table: column: (type, length, nullable, default in the database). The plan's TIMESTAMP is timestamptz (DESIGN.md).
PLAN: dict[str, dict[str, tuple[str, int | None, str, str | None]]] = {
    "users": {
        "id": ("uuid", None, REQUIRED, UUID4),
        "email": ("varchar", 255, REQUIRED, None),
        "username": ("varchar", 50, REQUIRED, None),
        "password_hash": ("varchar", 255, REQUIRED, None),
        "created_at": ("timestamptz", None, REQUIRED, NOW),
        "updated_at": ("timestamptz", None, REQUIRED, NOW),
        "last_login_at": ("timestamptz", None, OPTIONAL, None),
        "is_active": ("bool", None, REQUIRED, TRUE),
        "is_verified": ("bool", None, REQUIRED, FALSE),
    },
    "profiles": {
        "id": ("uuid", None, REQUIRED, UUID4),
        "user_id": ("uuid", None, REQUIRED, None),
        "display_name": ("varchar", 100, OPTIONAL, None),
        "bio": ("text", None, OPTIONAL, None),
        "avatar_url": ("varchar", 255, OPTIONAL, None),
        "created_at": ("timestamptz", None, REQUIRED, NOW),
        "updated_at": ("timestamptz", None, REQUIRED, NOW),
    },
    "relationships": {
        "id": ("uuid", None, REQUIRED, UUID4),
        "user_id": ("uuid", None, REQUIRED, None),
        "related_user_id": ("uuid", None, REQUIRED, None),
        "type": ("varchar", 20, REQUIRED, None),
        "status": ("varchar", 20, REQUIRED, None),
        "created_at": ("timestamptz", None, REQUIRED, NOW),
        "updated_at": ("timestamptz", None, REQUIRED, NOW),
    },
    "settings": {
        "id": ("uuid", None, REQUIRED, UUID4),
        "user_id": ("uuid", None, REQUIRED, None),
        "key": ("varchar", 50, REQUIRED, None),
        "value": ("jsonb", None, REQUIRED, None),
        "updated_at": ("timestamptz", None, REQUIRED, NOW),
    },
    "refresh_tokens": {
        "id": ("uuid", None, REQUIRED, UUID4),
        "user_id": ("uuid", None, REQUIRED, None),
        "token": ("varchar", 255, REQUIRED, None),
        "expires_at": ("timestamptz", None, REQUIRED, None),
        "created_at": ("timestamptz", None, REQUIRED, NOW),
        "revoked": ("bool", None, REQUIRED, FALSE),
        "revoked_at": ("timestamptz", None, OPTIONAL, None),
    },
}
UNIQUE = {
    ("users", ("email",)),
    ("users", ("username",)),
    ("relationships", ("related_user_id", "user_id")),
    ("settings", ("key", "user_id")),
}
CASCADES = {
    ("profiles", "user_id"),
    ("relationships", "user_id"),
    ("relationships", "related_user_id"),
    ("settings", "user_id"),
    ("refresh_tokens", "user_id"),
    ("invitations", "made_by_id"),
    ("applications", "user_id"),
    ("mfa_authenticator", "user_id"),
    ("usersessions_usersession", "user_id"),
    ("socialaccount_socialaccount", "user_id"),
}
# What is there besides the plan. An addition belongs here, on purpose.
ADDITIONS = {
    "users": {"is_staff", "is_superuser", "search_key", "skeleton"},
    "profiles": {"search_key"},
    "relationships": set(),
    "settings": set(),
    "refresh_tokens": {"family", "parent_id", "used_at", "authenticated_at", "device"},
}

CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, c.contype::text, c.confrelid::regclass::text, c.confdeltype::text,
           array_agg(a.attname::text ORDER BY a.attname)
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.connamespace = 'chat_app'::regnamespace GROUP BY c.oid
"""


def rows(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def constraints(kind: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(table, target, action, tuple(cols)) for table, k, target, action, cols in rows(CONSTRAINTS) if k == kind]


@pytest.mark.parametrize("table", PLAN)
def test_columns_are_the_plans(table: str) -> None:
    described = rows(
        "SELECT column_name, udt_name, character_maximum_length, is_nullable, column_default "
        "FROM information_schema.columns WHERE table_schema = 'chat_app' AND table_name = %s",
        table,
    )
    found = {name: tuple(rest) for name, *rest in described}
    assert {name: found.get(name) for name in PLAN[table]} == PLAN[table]
    assert set(found) - set(PLAN[table]) == ADDITIONS[table]


def test_each_table_has_the_primary_key_of_the_plan() -> None:
    assert {(table, columns) for table, _target, _action, columns in constraints("p")} >= {
        (table, ("id",)) for table in PLAN
    }


def test_unique_constraints_are_the_plans() -> None:
    assert {(table, columns) for table, _target, _action, columns in constraints("u")} >= UNIQUE


def test_foreign_keys_cascade_in_the_database() -> None:
    keys = {(table, columns[0]): (target, action) for table, target, action, columns in constraints("f")}
    assert {key: keys.get(key) for key in CASCADES} == dict.fromkeys(CASCADES, ("users", "c"))


def test_everything_stands_in_the_one_schema() -> None:
    schemas = rows("SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
    assert {name for (name,) in schemas} - {"pg_catalog", "information_schema"} == {"chat_app"}


def test_sql_alone_can_make_and_delete_a_person(cast: Cast) -> None:
    """The database's own defaults and cascades, with no Django in between."""
    ada, ben = cast.ada.pk, cast.ben.pk
    rows("INSERT INTO relationships (user_id, related_user_id, type, status) VALUES (%s, %s, 'friend', 'pending') "
         "RETURNING id", ada, ben)  # fmt: skip
    rows("INSERT INTO settings (user_id, key, value) VALUES (%s, 'theme', '\"dark\"') RETURNING id", ada)
    rows("INSERT INTO refresh_tokens (user_id, token, expires_at, family) VALUES (%s, 'x', now(), %s) RETURNING id",
         ada, uuid4())  # fmt: skip
    rows("INSERT INTO account_emailaddress (user_id, email, verified, \"primary\") VALUES (%s, 'a@b.cd', true, true) "
         "RETURNING id", ada)  # fmt: skip
    assert rows("DELETE FROM users WHERE id = %s RETURNING id", ada) == [(ada,)]
    connection.check_constraints()
    left = "SELECT count(*) FROM {} WHERE user_id = %s"
    tables = ["profiles", "relationships", "settings", "refresh_tokens", "account_emailaddress"]
    assert [rows(left.format(table), ada)[0][0] for table in tables] == [0] * 5


@pytest.mark.parametrize(
    ("kind", "status", "related"),
    [("enemy", "pending", "ben"), ("friend", "maybe", "ben"), ("friend", "pending", "ada")],
)
def test_the_database_refuses_what_no_relationship_is(cast: Cast, kind: str, status: str, related: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows(
            "INSERT INTO relationships (user_id, related_user_id, type, status) VALUES (%s, %s, %s, %s) RETURNING id",
            cast.ada.pk,
            getattr(cast, related).pk,
            kind,
            status,
        )


def test_usernames_differ_by_more_than_letter_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows("INSERT INTO users (username, email, password_hash) VALUES ('ADA', 'x@y.zz', '') RETURNING id")


@pytest.mark.parametrize("table", ["users", "profiles"])
def test_updated_at_follows_updates_in_sql(cast: Cast, table: str) -> None:
    rows(f"UPDATE {table} SET updated_at = '2001-01-01Z' RETURNING id")
    column = "is_verified = NOT is_verified" if table == "users" else "bio = 'x'"
    assert rows(f"UPDATE {table} SET {column} RETURNING updated_at > now() - interval '1 minute'")[0] == (True,)
