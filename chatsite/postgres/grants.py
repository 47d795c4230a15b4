"""Brings a database to what `policies`, `functions` and `roles` say, and finds where it differs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from chatsite.postgres import catalog, functions, policies, roles
from chatsite.postgres.catalog import PUBLIC, Grant
from chatsite.postgres.functions import FUNCTIONS
from chatsite.postgres.policies import ADD, CHANGE, Rule
from chatsite.postgres.roles import BACKUP, RO, SCHEMA, WEB, quoted

LOG_IN = (WEB, BACKUP, RO)
NAMES = [one.name for one in FUNCTIONS]
LOOKING = [one.name for one in FUNCTIONS if one.looks]
PATH = f"SET LOCAL search_path = {SCHEMA}"
"""Said first: names are written and compared as they look from the schema."""


class Difference(NamedTuple):
    """`words` say what is wrong; `mending` makes it right, and is empty where somebody has to think first."""

    words: str
    mending: tuple[str, ...] = ()


def differences(cursor: CursorWrapper) -> Iterator[Difference]:
    """Where the database is not as it should be, in the order in which it is to be mended. Within a transaction; the
    roles must be there."""
    cursor.execute(PATH)
    there = catalog.tables(cursor)
    if not there:
        yield Difference("there are no tables yet: `manage.py migrate` makes them, and their rights")
        return
    unknown = sorted(set(there) - set(policies.tables()))
    for table in unknown:
        yield Difference(f"table {table} has neither a policy nor an exemption")
    yield from _functions(cursor)
    yield from _policies(cursor, there)
    for table, secured in there.items():
        if table not in unknown and secured is not (table in policies.TABLES):
            yield _security(table)
    yield from _views(cursor)
    yield from _grants(cursor, there)


def apply(cursor: CursorWrapper) -> list[str]:
    """Mends every difference that can be mended; returns what was done. Within a transaction."""
    done = []
    for one in list(differences(cursor)):
        for statement in one.mending:
            cursor.execute(statement)
        if one.mending:
            done.append(one.words)
    return done


def _security(table: str) -> Difference:
    words = ("ENABLE", "FORCE") if table in policies.TABLES else ("DISABLE", "NO FORCE")
    mending = f"ALTER TABLE {SCHEMA}.{table} " + ", ".join(f"{word} ROW LEVEL SECURITY" for word in words)
    return Difference(f"row-level security of {table} is not as it should be", (mending,))


def _policies(cursor: CursorWrapper, there: dict[str, bool | None]) -> Iterator[Difference]:
    live = catalog.policies(cursor)
    wanted = {(table, _name(rule)): rule for table in policies.TABLES if table in there for rule in policies.of(table)}
    for (table, name), found in live.items():
        if (table, name) not in wanted:
            words = f"policy {name} on {table} ({found.command} to {found.role}) is not one of ours"
            yield Difference(words, (f"DROP POLICY {quoted(name)} ON {SCHEMA}.{table}",))
    for (table, name), rule in wanted.items():
        policy, source = live.get((table, name)), _source(rule)
        if policy is None:
            yield Difference(f"policy {name} on {table} is missing", _made(table, rule))
        elif (policy.command, policy.role, policy.note) != (rule.command, rule.role, f"{source} {policy.seal}"):
            again = (f"DROP POLICY {name} ON {SCHEMA}.{table}", *_made(table, rule))
            yield Difference(f"policy {name} on {table} is another one", again)


def _name(rule: Rule) -> str:
    return f"{rule.role}_{rule.command.lower()}"


def _source(rule: Rule) -> str:
    return hashlib.sha256(repr((rule.command, rule.rows, rule.becomes)).encode()).hexdigest()[:16]


def _made(table: str, rule: Rule) -> tuple[str, ...]:
    """Makes a policy, and notes beside it what it was made of and how PostgreSQL reads it."""
    conditions = "" if rule.command == ADD else f" USING ({rule.rows})"
    if rule.command in (ADD, CHANGE):
        conditions += f" WITH CHECK ({rule.becomes or rule.rows})"
    name, place = _name(rule), f"{SCHEMA}.{table}"
    note = (
        f"DO $note$ BEGIN EXECUTE format('COMMENT ON POLICY {name} ON {place} IS %L', '{_source(rule)} ' || "  # noqa: S608
        f"(SELECT {catalog.SEAL} FROM pg_policy WHERE polname = '{name}' AND polrelid = '{place}'::regclass)); "
        "END $note$"
    )
    return f"CREATE POLICY {name} ON {place} FOR {rule.command} TO {rule.role}{conditions}", note


def _functions(cursor: CursorWrapper) -> Iterator[Difference]:
    live = catalog.routines(cursor, NAMES)
    for one in FUNCTIONS:
        found = live.get(one.name)
        owned = found is not None and (not one.looks or found.owner == functions.OWNED_BY)
        settings = ("search_path=chat_app, pg_temp",)
        if found is None or not owned or (found.body, found.looks, found.settings) != (one.body, one.looks, settings):
            yield Difference(f"function {one.name} is missing or another one", _defined(one, found is not None))


def _defined(one: functions.Function, there: bool) -> tuple[str, ...]:
    """To hand a function over, its new owner must be able to make one there, for that moment."""
    if not one.looks:
        return (one.definition(),)
    handed_over = f"ALTER FUNCTION {SCHEMA}.{one.name}() OWNER TO {functions.OWNED_BY}"
    return (
        f"GRANT USAGE, CREATE ON SCHEMA {SCHEMA} TO {functions.OWNED_BY}",
        *([handed_over] if there else []),
        f"SET LOCAL ROLE {functions.OWNED_BY}",
        one.definition(),
        f"REVOKE EXECUTE ON FUNCTION {SCHEMA}.{one.name}() FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{one.name}() TO SESSION_USER",  # who makes policies with it
        "RESET ROLE",
        f"REVOKE CREATE ON SCHEMA {SCHEMA} FROM {functions.OWNED_BY}",
    )


def _views(cursor: CursorWrapper) -> Iterator[Difference]:
    live = catalog.views(cursor)
    for name in live.keys() - functions.VIEWS.keys():
        yield Difference(f"view {name} is not one of ours: a view may show what policies hide")
    for name, words in functions.VIEWS.items():
        if name not in live or not live[name][0]:
            made = f"CREATE OR REPLACE VIEW {SCHEMA}.{name} WITH (security_invoker = true) AS {words}"
            yield Difference(f"view {name} is missing or looks with rights of its own", (made,))


def _grants(cursor: CursorWrapper, there: dict[str, bool | None]) -> Iterator[Difference]:
    live = catalog.grants(cursor, list(roles.ROLES), NAMES)
    known = {*catalog.roles(cursor, list(roles.ROLES)), PUBLIC}
    wanted = {one for one in _wanted(cursor, there) if one.role in known}
    if not catalog.owns_database(cursor):
        live, wanted = ({one for one in some if one.kind != "DATABASE"} for some in (live, wanted))
    for one in sorted(live - wanted):
        mending = [*_statements("REVOKE", one, "FROM")]
        for lost in sorted(_taken_along(one, wanted)):
            mending += _statements("GRANT", lost, "TO")
        yield Difference(f"{_told(one)} is granted and should not be", tuple(mending))
    for one in sorted(wanted - live):
        yield Difference(f"{_told(one)} is not granted", _statements("GRANT", one, "TO"))


def _wanted(cursor: CursorWrapper, there: dict[str, bool | None]) -> Iterator[Grant]:
    cursor.execute("SELECT current_database()")
    (database,) = cursor.fetchone()
    yield from (Grant("DATABASE", database, "", role, "CONNECT") for role in LOG_IN)
    yield from (Grant("SCHEMA", SCHEMA, "", role, "USAGE") for role in roles.ROLES)
    for table in set(policies.tables()) & set(there):
        yield Grant("TABLE", table, "", BACKUP, "SELECT")
        for rule in policies.of(table):
            for column in rule.columns.split() or [""]:
                yield Grant("TABLE", table, column, rule.role, rule.command)
    for sequence, table, apart in catalog.sequences(cursor):
        yield Grant("SEQUENCE", sequence, "", BACKUP, "SELECT")
        adding = [one.role for one in policies.of(table) if one.command == ADD] if table in policies.tables() else []
        yield from (Grant("SEQUENCE", sequence, "", role, "USAGE") for role in adding if apart)
    yield from (Grant("TABLE", view, "", role, "SELECT") for view in functions.VIEWS for role in functions.VIEWERS)
    for one in FUNCTIONS:
        yield from (Grant("FUNCTION", one.name, "", role, "EXECUTE") for role in one.users or (PUBLIC,))
        if one.looks:
            yield Grant("FUNCTION", one.name, "", functions.OWNED_BY, "EXECUTE")


def _taken_along(table: Grant, wanted: set[Grant]) -> set[Grant]:
    """What goes with a right on a whole table when that is revoked: PostgreSQL takes the same one on each column."""
    return {one for one in wanted if one.column and one._replace(column="") == table}


def _told(one: Grant) -> str:
    place = f"{one.kind.lower()} {one.name}" + (f", column {one.column}" if one.column else "")
    return f"{one.privilege} on {place} to {one.role}"


def _statements(verb: str, one: Grant, direction: str) -> tuple[str, ...]:
    """What is owned by somebody else is also granted by them."""
    column = f" ({one.column})" if one.column else ""
    name = quoted(one.name) if one.kind in ("DATABASE", "SCHEMA") else f"{SCHEMA}.{quoted(one.name)}"
    name += "()" if one.kind == "FUNCTION" else ""
    statement = f"{verb} {one.privilege}{column} ON {one.kind} {name} {direction} {one.role}"
    if one.kind == "FUNCTION" and one.name in LOOKING:
        return (f"SET LOCAL ROLE {functions.OWNED_BY}", statement, "RESET ROLE")
    return (statement,)
