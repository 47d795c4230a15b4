"""Roles, rights and policies are as declared; what differs is found, and mended."""

from __future__ import annotations

import io

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from chatsite.postgres import bootstrap, catalog, grants, policies, roles
from chatsite.postgres.bootstrap import RolesMissing
from chatsite.postgres.roles import ROLES, SCHEMA
from tests.chatsite.postgres.conftest import Connect

pytestmark = pytest.mark.django_db

CHANGES = {
    "DROP POLICY chat_app_select ON profiles": "policy chat_app_select on profiles is missing",
    "ALTER POLICY chat_app_select ON profiles USING (true)": "policy chat_app_select on profiles is another one",
    "ALTER POLICY chat_app_delete ON settings TO PUBLIC": "policy chat_app_delete on settings is another one",
    "CREATE POLICY mine ON users FOR SELECT TO chat_ro USING (true)": "policy mine on users (SELECT to chat_ro)",
    "ALTER TABLE settings DISABLE ROW LEVEL SECURITY": "row-level security of settings is not as it should be",
    "ALTER TABLE settings NO FORCE ROW LEVEL SECURITY": "row-level security of settings is not as it should be",
    "GRANT SELECT (email) ON users TO chat_app": "SELECT on table users, column email to chat_app is granted",
    "GRANT SELECT ON users TO chat_app": "SELECT on table users to chat_app is granted and should not be",
    "GRANT UPDATE ON profiles TO chat_app": "UPDATE on table profiles to chat_app is granted and should not be",
    "GRANT SELECT ON settings TO PUBLIC": "SELECT on table settings to PUBLIC is granted and should not be",
    "GRANT DELETE ON users TO chat_web": "DELETE on table users to chat_web is granted and should not be",
    "GRANT EXECUTE ON FUNCTION chat_app.counted() TO chat_app": "EXECUTE on function counted to chat_app is granted",
    "GRANT CREATE ON SCHEMA chat_app TO chat_app": "CREATE on schema chat_app to chat_app is granted",
    "REVOKE SELECT ON relationships FROM chat_site": "SELECT on table relationships to chat_site is not granted",
    "CREATE OR REPLACE FUNCTION chat_app.hidden() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER "
    "SET search_path = chat_app, pg_temp AS $$SELECT '{}'::uuid[]$$": "function hidden is missing or another one",
    "ALTER VIEW figures RESET (security_invoker)": "view figures is missing or looks with rights of its own",
    "GRANT chat_backup TO chat_web": "chat_web can become chat_backup",
    "ALTER ROLE chat_app BYPASSRLS": "role chat_app is not NOBYPASSRLS",
}


def differences() -> list[str]:
    with connection.cursor() as cursor:
        return [one.words for one in (*bootstrap.role_differences(cursor), *grants.differences(cursor))]


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_migrated_database_is_as_declared() -> None:
    """So is no table without policy or exemption, and each that has one has it in force for its owner as well."""
    assert differences() == []
    with connection.cursor() as cursor:
        assert catalog.tables(cursor).keys() == set(policies.tables())
    call_command("bootstrap", check=True, stdout=io.StringIO())


def test_a_new_table_is_found_until_somebody_decides_about_it() -> None:
    change("CREATE TABLE diaries (id int)")
    assert differences() == ["table diaries has neither a policy nor an exemption"]
    with pytest.raises(CommandError):
        call_command("bootstrap", stdout=io.StringIO(), stderr=io.StringIO())


def test_before_the_first_migration_the_tables_are_missing_and_nothing_else() -> None:
    change(f"ALTER SCHEMA {SCHEMA} RENAME TO elsewhere")
    assert differences() == ["there are no tables yet: `manage.py migrate` makes them, and their rights"]
    call_command("bootstrap", print=True, stdout=io.StringIO())


def test_a_new_view_is_found() -> None:
    change("CREATE VIEW diaries AS SELECT * FROM users")
    assert differences() == ["view diaries is not one of ours: a view may show what policies hide"]


@pytest.mark.parametrize("statement", CHANGES)
def test_what_was_changed_is_told_and_mended(statement: str) -> None:
    change(statement)
    (found,) = differences()
    assert found.startswith(CHANGES[statement])
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("bootstrap", check=True, stderr=said)
    assert CHANGES[statement] in said.getvalue()
    assert differences() == [found], "looking changes nothing"
    call_command("bootstrap", stdout=io.StringIO())
    assert differences() == []


def test_rights_that_come_before_a_role_is_taken_are_told_and_mended() -> None:
    """From PostgreSQL 16 on each membership has its own say in that, before it the role has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int >= 160000")
        (apart,) = cursor.fetchone()
    change("GRANT chat_admin TO chat_web WITH INHERIT TRUE" if apart else "ALTER ROLE chat_web INHERIT")
    assert "chat_web has the rights of chat_admin before it becomes that" in differences()
    call_command("bootstrap", stdout=io.StringIO())
    assert differences() == []


def test_bootstrap_can_be_repeated() -> None:
    with connection.cursor() as cursor:
        assert [*bootstrap.ensure_roles(cursor), *grants.apply(cursor)] == []


def test_what_is_printed_does_the_same() -> None:
    for statement in ("DROP POLICY chat_app_select ON profiles", "GRANT SELECT (email) ON users TO chat_app"):
        change(statement)
    said = io.StringIO()
    call_command("bootstrap", print=True, stdout=said)
    body = said.getvalue().partition("BEGIN;\n")[2].partition("COMMIT;")[0]
    assert "CREATE ROLE" in body and "CREATE POLICY chat_app_select ON chat_app.profiles" in body
    change(body)
    assert differences() == []


def test_who_may_not_make_roles_is_told_what_to_do(connect: Connect) -> None:
    change("ALTER ROLE chat_ro NOLOGIN")
    change("SET LOCAL ROLE chat_app")
    with connection.cursor() as cursor, pytest.raises(RolesMissing, match="bootstrap --print"):
        bootstrap.ensure_roles(cursor)


def test_the_counts_are_all_that_reports_get(connect: Connect) -> None:
    reports = connect("RO")
    with reports.cursor() as cursor:
        cursor.execute("SELECT people, active FROM figures")
        assert cursor.fetchone() == (0, 0)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT count(*) FROM users")


def test_the_backup_reads_everything_and_writes_nothing(connect: Connect) -> None:
    backup = connect("BACKUP")
    with backup.cursor() as cursor:
        for table in policies.tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] >= 0
        with pytest.raises(Exception, match="read-only transaction"):
            cursor.execute("DELETE FROM settings")


def test_every_process_finds_the_schema_and_no_other(connect: Connect) -> None:
    with connect("WEB").cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == (SCHEMA,)


def test_a_log_in_with_too_many_rights_is_refused_where_strangers_come_by() -> None:
    """The tests' own is one: it may do everything."""
    found = {one.id for one in run_checks(include_deployment_checks=True, databases=["default"])}
    assert "chat.E014" in found


def test_the_log_in_of_the_processes_is_taken(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatsite.postgres.checks.connection", connect("WEB"))
    found = {one.id for one in run_checks(include_deployment_checks=True, databases=["default"])}
    assert "chat.E014" not in found


def test_roles_are_declared_whole() -> None:
    for name, role in ROLES.items():
        words = role.attributes.split()
        assert sorted(word.removeprefix("NO") for word in words) == sorted(roles.ATTRIBUTES), name
