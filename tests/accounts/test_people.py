from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts import access
from accounts.models import Profile, User
from accounts.services import people, profiles, relationships, settings
from chatsite.errors import Invalid, NotFound
from chatsite.realtime import presence
from chatsite.types import UserId
from tests.cast import Cast
from tests.messaging.conftest import Apis, api

__all__ = ["api"]


def found(viewer: User, text: str) -> list[str]:
    return [card.username for card in people.search(viewer.chat_id, text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("be", ["ben"]),
        ("BEN oka", ["ben"]),
        ("@cle", ["cleo"]),
        ("dora l", ["dora"]),
        ("ova", []),  # not a prefix
        ("%", []),
        ("_", []),
        ("ada", []),  # the viewer
        ("b\0", []),
        ("\\", []),
    ],
)
def test_search_is_by_prefix_of_either_name(cast: Cast, text: str, names: list[str]) -> None:
    assert User.objects.filter(username="eve").exists()
    assert found(cast.ada, text) == names


def test_search_ignores_letter_case_beyond_ascii(cast: Cast) -> None:
    Profile.objects.filter(user=cast.ben).update(display_name="ÖZLEM Ünal")
    assert found(cast.ada, "özl") == ["ben"] == found(cast.ada, "ÖZLEM Ü")


def test_closed_accounts_are_not_found(cast: Cast) -> None:
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert found(cast.ada, "be") == []
    for who in (cast.ben.chat_id, "ben", uuid4(), "nobody", "a\0b", ""):
        with pytest.raises(NotFound):
            access.person(cast.ada.chat_id, who)


def test_a_person_is_found_by_id_and_by_name_in_any_case(cast: Cast) -> None:
    for who in (cast.ben.pk, cast.ben.chat_id, "ben", "BEN"):
        assert access.person(cast.eve.chat_id, who) == cast.ben


def test_pages_follow_each_other_without_hole_or_repetition(cast: Cast) -> None:
    extra = [User(username=f"Member{n:02}", email=f"m{n}@example.org") for n in range(25)]
    User.objects.bulk_create(extra)
    Profile.objects.bulk_create(
        Profile(user=user, display_name=f"memory {n % 5}" if n % 2 else None) for n, user in enumerate(extra)
    )
    seen, after = [], None
    while True:
        page = people.find(cast.ada.chat_id, "mem", 4, after)
        seen += [card.username for card in page.cards]
        if page.next is None:
            break
        after = people.position(page.next)
    assert sorted(seen) == sorted(user.username for user in extra)


@pytest.mark.parametrize("word", ["x", "AAAA", "Zm9v", "é", "YQBi", "/" * 9])
def test_a_cursor_that_is_not_ours_is_refused(word: str) -> None:
    with pytest.raises(Invalid):
        people.position(word)


def test_cards_cost_one_query_once(cast: Cast, django_assert_num_queries: Callable) -> None:
    gone = UserId(str(uuid4()))
    wanted = [cast.ada.chat_id, cast.ben.chat_id, gone]
    with django_assert_num_queries(1):
        cards = people.cards(wanted)
    assert cards[cast.ben.chat_id].display_name == "Ben Okafor"
    assert cards[gone].display_name == "Deleted person"
    with django_assert_num_queries(0):
        assert people.cards(wanted[:2]) == {key: cards[key] for key in wanted[:2]}


def test_a_changed_name_shows_at_once(cast: Cast, django_capture_on_commit_callbacks: Callable) -> None:
    assert people.card(cast.ben.chat_id).display_name == "Ben Okafor"
    with django_capture_on_commit_callbacks(execute=True):
        profiles.update(cast.ben.chat_id, display_name="Benjamin")
    assert people.card(cast.ben.chat_id).display_name == "Benjamin"
    with django_capture_on_commit_callbacks(execute=True):
        profiles.update(cast.ben.chat_id, display_name=" ")
    assert people.card(cast.ben.chat_id).display_name == "ben"


def test_search_stays_on_its_indexes(cast: Cast) -> None:
    User.objects.bulk_create(User(username=f"u{n}", email=f"u{n}@example.org") for n in range(3000))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO profiles (user_id, display_name) SELECT id, 'Name ' || username FROM users "
                       "WHERE username ~ '^u[0-9]'; ANALYZE users; ANALYZE profiles")  # fmt: skip
        with connection.execute_wrapper(lambda run, sql, params, many, context: plans.append((sql, params)) or run(
            sql, params, many, context)):  # fmt: skip
            plans: list[tuple] = []
            people.find(cast.ada.chat_id, "u12", 20)
        for sql, parameters in plans[:2]:
            cursor.execute("EXPLAIN " + sql, parameters)
            explained = "\n".join(line for (line,) in cursor.fetchall())
            assert "search_key_idx" in explained, explained


def test_friends_are_told_whether_somebody_is_here_or_was_last(cast: Cast, api: Apis) -> None:  # noqa: F811
    ada, ben = cast.ada.chat_id, cast.ben.chat_id

    def told(who: User) -> tuple[bool | None, bool]:
        said = api(who).get(f"users/{ada}/").json()
        page = Client()
        page.force_login(who)
        assert (b"Here now" in page.get("/people/ada/").content) is bool(said["online"])
        return said["online"], said["last_seen"] is not None

    relationships.request(ben, ada)
    relationships.accept(ada, ben)
    presence.presence.arrive(ada)
    try:
        assert [told(who) for who in (cast.ben, cast.eve)] == [(True, False), (None, False)]
    finally:
        presence.presence.depart(ada)
    assert [told(who) for who in (cast.ben, cast.eve)] == [(False, True), (None, False)]
    settings.update(ada, {"last_seen": "nobody"})
    assert told(cast.ben) == (None, False)
