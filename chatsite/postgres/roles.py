"""The roles of PostgreSQL, as data, and the SQL that makes them. Standard library only: the embedded server makes them
before Django is there.

The processes log in as `chat_web`, which has no right of its own and may become one of those that have some, for a
transaction (`scope.py`). Tables belong to the owner, who is used to migrate and for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

SCHEMA = "chat_app"
OWNER = "chat_owner"
WEB = "chat_web"
APP, AUTH, SITE, WORKER, ADMIN = "chat_app", "chat_auth", "chat_site", "chat_worker", "chat_admin"
RULES, BACKUP, RO = "chat_rules", "chat_backup", "chat_ro"
SCOPES = (APP, AUTH, SITE, WORKER, ADMIN)
"""What a process may become."""


class Role(NamedTuple):
    """`attributes` in PostgreSQL's words, all of those in ATTRIBUTES; `settings` are those of its sessions; `becomes`:
    roles it is a member of, none of whose rights it has until it takes that role."""

    attributes: str
    settings: Mapping[str, str] = {}
    becomes: tuple[str, ...] = ()


ATTRIBUTES = ("SUPERUSER", "INHERIT", "CREATEROLE", "CREATEDB", "LOGIN", "REPLICATION", "BYPASSRLS")
"""Each may stand with NO before it."""
PATH = {"search_path": SCHEMA}
PATIENCE = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
BARE = "NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB"
GROUP = Role(f"{BARE} NOLOGIN NOREPLICATION NOBYPASSRLS")

ROLES: dict[str, Role] = {
    **dict.fromkeys((*SCOPES, RULES), GROUP),
    WEB: Role(f"{BARE} LOGIN NOREPLICATION NOBYPASSRLS", {**PATH, **PATIENCE}, SCOPES),
    BACKUP: Role(f"{BARE} LOGIN NOREPLICATION BYPASSRLS", {**PATH, "default_transaction_read_only": "on"}),
    RO: Role(f"{BARE} LOGIN NOREPLICATION NOBYPASSRLS", PATH | PATIENCE),
}
"""All but the owner, whose name is the server's administrator's choice."""
OWNER_BECOMES = (*SCOPES, WEB, RULES)


def statements(owner: str, *, missing: bool = False) -> Iterator[str]:
    """The SQL that makes the roles as they should be, whatever is there. `owner`: who owns the tables. `missing`: also
    the owner is made where there is none. None of them gets a password."""
    if missing:
        yield created(owner, "")
    for name, role in ROLES.items():
        yield created(name, role.attributes)
    for name, role in ROLES.items():
        yield f"ALTER ROLE {name} {role.attributes}"
        yield from set_up(name)
    yield f"ALTER ROLE {quoted(owner)} NOINHERIT"  # before the grants: from PostgreSQL 16 on they keep it
    for name in ROLES:
        yield from member(name, ROLES[name].becomes)
    yield from member(owner, OWNER_BECOMES)


def created(name: str, attributes: str) -> str:
    """Makes a role that is not there."""
    there = f"SELECT FROM pg_catalog.pg_roles WHERE rolname = '{name}'"  # noqa: S608
    made = f"CREATE ROLE {quoted(name)} {attributes}".rstrip()
    return f"DO $$ BEGIN IF NOT EXISTS ({there}) THEN {made}; END IF; END $$"


def set_up(name: str) -> Iterator[str]:
    """The settings of a role's sessions."""
    for setting, value in ROLES[name].settings.items():
        yield f"ALTER ROLE {name} SET {setting} = '{value}'"


def member(name: str, becomes: Iterable[str]) -> Iterator[str]:
    """Lets a role become these."""
    yield from (f"GRANT {one} TO {quoted(name)}" for one in becomes)


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'
