"""What a database has of roles, policies, grants and functions, read from its catalog."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.backends.utils import CursorWrapper

from chatsite.postgres.roles import ATTRIBUTES, SCHEMA

PUBLIC = "PUBLIC"


class Grant(NamedTuple):
    """`kind`: DATABASE, SCHEMA, TABLE (also for views), SEQUENCE or FUNCTION; `column`: "" for all."""

    kind: str
    name: str
    column: str
    role: str
    privilege: str


class Policy(NamedTuple):
    """`note`: its comment, in which `grants` keeps what it was made of; `seal`: a hash of its conditions."""

    command: str
    role: str
    note: str
    seal: str


class Routine(NamedTuple):
    body: str
    looks: bool
    owner: str
    settings: tuple[str, ...]


class Attributes(NamedTuple):
    """Attributes in PostgreSQL's words; what its sessions are set to; which roles it can become, and which ones' rights
    it has without that."""

    words: frozenset[str]
    settings: frozenset[str]
    becomes: frozenset[str]
    inherits: frozenset[str]


COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}
SEAL = (
    "encode(sha256(convert_to(concat_ws(' / ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), "
    "'UTF8')), 'hex')"
)
"""Of a row of pg_policy."""

_TABLES = """
    SELECT relname, relrowsecurity AND relforcerowsecurity, relrowsecurity OR relforcerowsecurity
    FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p')"""
_POLICIES = f"""
    SELECT relname, polname, polcmd, (SELECT string_agg(rolname, ',') FROM pg_roles WHERE pg_roles.oid = ANY(polroles)),
        obj_description(p.oid, 'pg_policy'), {SEAL}
    FROM pg_policy p JOIN pg_class c ON c.oid = polrelid WHERE relnamespace = to_regnamespace(%s)"""  # noqa: S608
_GRANTS = """
    WITH given (kind, name, col, acl) AS (
        SELECT 'DATABASE', datname, '', aclexplode(coalesce(datacl, acldefault('d', datdba)))
            FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT 'SCHEMA', nspname, '', aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
            FROM pg_namespace WHERE nspname = %(schema)s
        UNION ALL SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname, '',
            aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)))
            FROM pg_class WHERE relnamespace = to_regnamespace(%(schema)s) AND relkind IN ('r', 'p', 'v', 'S')
        UNION ALL SELECT 'TABLE', relname, attname, aclexplode(attacl)
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = to_regnamespace(%(schema)s) AND relkind IN ('r', 'p', 'v') AND attacl IS NOT NULL
        UNION ALL SELECT 'FUNCTION', proname, '', aclexplode(coalesce(proacl, acldefault('f', proowner)))
            FROM pg_proc WHERE pronamespace = to_regnamespace(%(schema)s) AND proname = ANY(%(functions)s)
    )
    SELECT kind, name, col, CASE WHEN (acl).grantee = 0 THEN 'PUBLIC' ELSE (acl).grantee::regrole::text END,
        (acl).privilege_type
    FROM given WHERE (acl).grantee = 0 OR (acl).grantee::regrole::text = ANY(%(roles)s)"""
_ROUTINES = """
    SELECT proname, prosrc, prosecdef, proowner::regrole::text, coalesce(proconfig, '{}') FROM pg_proc
    WHERE pronamespace = to_regnamespace(%s) AND proname = ANY(%s)"""
_VIEWS = """
    SELECT relname, 'security_invoker=true' = ANY(coalesce(reloptions, '{}')), pg_get_viewdef(oid) FROM pg_class
    WHERE relnamespace = to_regnamespace(%s) AND relkind = 'v'"""
_SEQUENCES = """
    SELECT s.relname, t.relname, d.deptype = 'a'
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid JOIN pg_class t ON t.oid = refobjid
    WHERE s.relkind = 'S' AND s.relnamespace = to_regnamespace(%s) AND d.deptype IN ('a', 'i')
        AND d.classid = 'pg_class'::regclass"""
_ROLES = """
    SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
        coalesce((SELECT setconfig FROM pg_db_role_setting WHERE setrole = r.oid AND setdatabase = 0), '{}'),
        ARRAY(SELECT roleid::regrole::text FROM pg_auth_members m WHERE member = r.oid
            AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)),
        ARRAY(SELECT roleid::regrole::text FROM pg_auth_members m WHERE member = r.oid
            AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, rolinherit))
    FROM pg_roles r WHERE rolname = ANY(%s)"""
"""Before PostgreSQL 16 members could always become what they are members of, and inherited all of it or nothing."""


def tables(cursor: CursorWrapper) -> dict[str, bool | None]:
    """Every table of the schema: whether row-level security is in force, for its owner too; None: by half."""
    return {name: True if whole else None if half else False for name, whole, half in _rows(cursor, _TABLES, [SCHEMA])}


def policies(cursor: CursorWrapper) -> dict[tuple[str, str], Policy]:
    """Every policy, by table and name."""
    return {
        (table, name): Policy(COMMANDS[command], role or PUBLIC, note or "", seal)
        for table, name, command, role, note, seal in _rows(cursor, _POLICIES, [SCHEMA])
    }


def grants(cursor: CursorWrapper, roles: list[str], functions: list[str]) -> set[Grant]:
    """What is granted to these roles and to everyone: in the schema, and on the database."""
    given = {"schema": SCHEMA, "roles": roles, "functions": functions}
    return {Grant(*row) for row in _rows(cursor, _GRANTS, given)}


def routines(cursor: CursorWrapper, names: list[str]) -> dict[str, Routine]:
    """Those of these functions that there are."""
    rows = _rows(cursor, _ROUTINES, [SCHEMA, names])
    return {name: Routine(body, looks, owner, tuple(settings)) for name, body, looks, owner, settings in rows}


def views(cursor: CursorWrapper) -> dict[str, tuple[bool, str]]:
    """Every view: whether it looks with the rights of who asks, and its words as PostgreSQL has them."""
    return {name: (invoker, words) for name, invoker, words in _rows(cursor, _VIEWS, [SCHEMA])}


def sequences(cursor: CursorWrapper) -> list[tuple[str, str, bool]]:
    """Every sequence, the table it numbers, and whether whoever adds a row there needs a right to it as well."""
    return [(name, table, apart) for name, table, apart in _rows(cursor, _SEQUENCES, [SCHEMA])]


def roles(cursor: CursorWrapper, names: list[str]) -> dict[str, Attributes]:
    """Those of these roles that there are."""
    found = {}
    for name, *flags, settings, becomes, inherits in _rows(cursor, _ROLES, [names]):
        words = {word if flag else f"NO{word}" for word, flag in zip(ATTRIBUTES, flags, strict=True)}
        found[name] = Attributes(frozenset(words), frozenset(settings), frozenset(becomes), frozenset(inherits))
    return found


def owns_database(cursor: CursorWrapper) -> bool:
    """Whether who is logged in may say who connects."""
    ask = "SELECT pg_has_role(session_user, datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
    return bool(_rows(cursor, ask, [])[0][0])


def _rows(cursor: CursorWrapper, statement: str, parameters: Any) -> list[Any]:
    cursor.execute(statement, parameters)
    rows: list[Any] = cursor.fetchall()
    return rows
