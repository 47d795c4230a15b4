"""On whose behalf PostgreSQL is asked, on the connections that the site's processes have."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError, NotSupportedError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import Profile, Setting, User
from accounts.services import profiles, relationships
from chatsite.postgres import policies, scope
from chatsite.postgres.base import DatabaseWrapper
from chatsite.postgres.roles import ADMIN, APP, AUTH, BACKUP, OWNER, RULES, WEB
from chatsite.postgres.scope import Scope, WrongPerson, acting_as, as_auth, as_nobody, as_site, as_worker
from chatsite.web.middleware import Unprivileged
from tests.cast import Cast, person
from tests.chatsite.postgres.conftest import Connect

TIMES = 10_000
WHO = "SELECT current_user, chat_app.uid()"


def ask(at: Any, words: str) -> Any:
    with at.cursor() as cursor:
        cursor.execute(words)
        return cursor.fetchone()


def test_outside_of_a_scope_every_table_is_refused(connect: Connect) -> None:
    web = connect("WEB")
    for table in policies.tables():
        with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"):
            ask(web, f"SELECT 1 FROM {table}")


def test_a_scope_is_said_with_the_statement_and_leaves_nothing_behind(connect: Connect) -> None:
    web, me = connect("WEB"), uuid4()
    with acting_as(str(me)):
        assert ask(web, WHO) == (APP, me)
    assert ask(web, WHO) == (WEB, None)


@pytest.mark.parametrize("table", ["profiles", "relationships", "settings", "refresh_tokens", "exports"])
def test_acting_for_nobody_there_are_no_rows(cast: Cast, table: str) -> None:
    Setting.objects.create(user=cast.ada, key="theme", value="dark")
    with scope.within(Scope(APP)):
        assert ask(connection, f"SELECT count(*) FROM {table}") == (0,)


def test_who_reads_what_was_asked_sees_the_statement_alone(db: None) -> None:
    with acting_as(uuid4()), CaptureQueriesContext(connection) as asked:
        ask(connection, WHO)
    assert asked[0]["sql"] == WHO


@pytest.mark.parametrize("role", [BACKUP, OWNER, RULES, "postgres", "nobody_at_all"])
def test_nobody_becomes_more_than_that(connect: Connect, role: str) -> None:
    web = connect("WEB")
    for words in (f"SET ROLE {role}", f"SELECT set_config('role', '{role}', false)"):
        for within in (None, Scope(APP, str(uuid4())), Scope(AUTH)):
            with scope.within(within), pytest.raises((ProgrammingError, DataError)):
                ask(web, words)


@pytest.mark.parametrize(
    "words",
    [
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE mine ()",
        "CREATE TEMP TABLE users ()",
        "COPY users FROM STDIN",
        "DROP POLICY chat_app_select ON profiles",
        "CREATE OR REPLACE FUNCTION chat_app.uid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()'",
        "GRANT chat_admin TO chat_app",
        "ALTER ROLE chat_web BYPASSRLS",
    ],
)
def test_nobody_changes_the_rules(connect: Connect, words: str) -> None:
    web = connect("WEB")
    for within in (None, Scope(APP, str(uuid4())), Scope(AUTH), Scope(ADMIN)):
        with scope.within(within), pytest.raises((ProgrammingError, NotSupportedError)):
            ask(web, words)


def test_a_secret_is_not_read_by_whom_it_does_not_concern(connect: Connect) -> None:
    for within, column in ((Scope(APP, str(uuid4())), "email"), (Scope(ADMIN), "password_hash")):
        with scope.within(within), pytest.raises(ProgrammingError, match="permission denied"):
            ask(connect("WEB"), f"SELECT {column} FROM users")


def test_nobody_becomes_somebody_else(cast: Cast) -> None:
    ada, ben = cast.ada.chat_id, cast.ben.chat_id
    with acting_as(ada):
        with acting_as(ada), as_auth(), acting_as(ada):
            assert ask(connection, WHO) == (APP, cast.ada.pk)
        for become in (lambda: acting_as(ben).__enter__(), lambda: relationships.friends(ben)):
            with pytest.raises(WrongPerson):
                become()
        with as_auth(), pytest.raises(WrongPerson):
            profiles.profile(ben)
        assert ask(connection, WHO) == (APP, cast.ada.pk)
    with as_worker(), acting_as(ben):
        assert ask(connection, WHO) == (APP, cast.ben.pk)


def test_what_holds_within_a_transaction_follows_the_scopes(db: None) -> None:
    """Also where a savepoint is given up: what was said after it is unsaid then, and is said again."""
    me = uuid4()
    wanted = [(AUTH, None), (APP, me), (AUTH, None), (APP, me)]
    with transaction.atomic(), acting_as(str(me)):
        seen = []
        with as_auth():
            seen.append(ask(connection, WHO))
        sid = transaction.savepoint()
        seen.append(ask(connection, WHO))
        with as_auth():
            seen.append(ask(connection, WHO))
            transaction.savepoint_rollback(sid)
        seen.append(ask(connection, WHO))
    assert seen == wanted


def test_a_transaction_that_failed_can_be_given_up_in_another_scope(cast: Cast) -> None:
    with acting_as(cast.ada.chat_id):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_site():
            User.objects.get(email="x")
        assert ask(connection, WHO) == (APP, cast.ada.pk)


def test_many_statements_at_once_carry_their_scope_within_a_transaction(cast: Cast) -> None:
    with acting_as(cast.ada.chat_id), transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("UPDATE profiles SET bio = %s WHERE user_id = %s", [("x", cast.ada.pk), ("x", cast.ben.pk)])
    assert list(Profile.objects.filter(bio="x").values_list("user_id", flat=True)) == [cast.ada.pk]


@pytest.mark.usefixtures("transactional_db")
def test_many_statements_at_once_are_refused_where_they_could_not(cast_of_two: tuple[User, User]) -> None:
    with (
        acting_as(cast_of_two[0].chat_id),
        connection.cursor() as cursor,
        pytest.raises(NotImplementedError),
    ):
        cursor.executemany("SELECT %s", [(1,), (2,)])


@pytest.fixture
def cast_of_two(transactional_db: None) -> tuple[User, User]:
    """Two people, whose settings others of the site's connections see."""
    both = person("ada", "!"), person("ben", "!")
    for one in both:
        Setting.objects.create(user=one, key="theme", value="dark")
    return both


def test_a_pool_of_one_leaks_nothing_however_often_people_alternate(
    connect: Connect, cast_of_two: tuple[User, User]
) -> None:
    """Four threads share one connection; each acts for either person in turn, alone or in a transaction, and every so
    often something fails in between."""
    at = [connect("WEB", min_size=1, max_size=1, timeout=30) for _ in range(4)]
    for one in at:
        one.inc_thread_sharing()
    with ThreadPoolExecutor(len(at)) as pool:
        leaks = [leak for found in pool.map(_alternate, at, [cast_of_two] * 4) for leak in found]
    assert leaks == []


def _alternate(web: DatabaseWrapper, people: tuple[User, User]) -> list[object]:
    leaks: list[object] = []
    for number in range(TIMES // 4):
        me = people[(number + threading.get_ident()) % 2].pk
        with scope.acting_as(str(me)):
            web.set_autocommit(number % 3 != 0)
            with web.cursor() as cursor:
                leaks += _seen(cursor, me)
                if number % 50 == 0:
                    with pytest.raises(ProgrammingError):
                        cursor.execute("SELECT email FROM users")
            if number % 3 == 0:
                web.rollback()
        if number % 10 == 0 and (left := ask(web, WHO)) != (WEB, None):
            leaks.append(left)
        web.close()
    return leaks


def _seen(cursor: CursorWrapper, me: UUID) -> list[object]:
    cursor.execute("SELECT user_id FROM settings")
    return [row for row in cursor.fetchall() if row != (me,)]


def test_a_request_begins_with_no_right(cast: Cast) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(ask(connection, WHO))

    with acting_as(cast.ada.chat_id):
        answer = Unprivileged(view)(RequestFactory().get("/"))
        assert answer.content == b"chat_webNone", "whoever began it counts for nothing"
        with as_nobody(), acting_as(cast.ben.chat_id):
            assert ask(connection, WHO) == (APP, cast.ben.pk)
        assert ask(connection, WHO) == (APP, cast.ada.pk)
