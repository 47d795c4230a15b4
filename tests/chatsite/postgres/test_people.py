"""What PostgreSQL lets one person see of another is what `accounts.policy` says; and it finds people by index."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import policy
from accounts.models import Profile, Relationship, User
from accounts.services import facts, people, relationships
from chatsite.postgres import scope
from chatsite.postgres.scope import acting_as
from tests.cast import Cast

Type, Status = Relationship.Type, Relationship.Status
ROWS = [None, *itertools.product(Type.values, Status.values)]
LARGE = ("users", "profiles")
MANY = 20_000  # people: enough that PostgreSQL would rather read an index than all of them


def say(who: User, whom: User, row: Any) -> None:
    if row is not None:
        Relationship.objects.create(user=who, related_user=whom, type=row[0], status=row[1])


@pytest.mark.parametrize("mine", ROWS)
def test_what_is_visible_is_what_the_policy_says(cast: Cast, mine: Any) -> None:
    """Whatever the two have said of each other."""
    for theirs in ROWS:
        Relationship.objects.all().delete()
        say(cast.ada, cast.ben, mine)
        say(cast.ben, cast.ada, theirs)
        between = facts.between(cast.ada.chat_id, cast.ben.chat_id)
        with acting_as(cast.ada.pk):
            seen = Profile.objects.filter(user=cast.ben).exists()
        found = [card.username for card in people.search(cast.ada.chat_id, "ben")] == ["ben"]
        for rule, visible in ((policy.open_profile, seen), (policy.see_picture, seen), (policy.find, found)):
            assert (rule(between) == policy.YES) is visible, (mine, theirs, rule)


@pytest.mark.parametrize("theirs", [one for one in ROWS if one])
def test_a_block_is_for_the_eyes_of_who_set_it(cast: Cast, theirs: Any) -> None:
    say(cast.ben, cast.ada, theirs)
    with acting_as(cast.ada.pk):
        assert Relationship.objects.exists() is (theirs[0] == Type.FRIEND)
    with acting_as(cast.ben.pk):
        assert Relationship.objects.exists()
    with acting_as(cast.eve.pk):
        assert not Relationship.objects.exists()


def refused(cast: Cast, **row: Any) -> bool:
    """Whether Ada may not add this row."""
    try:
        with acting_as(cast.ada.pk), transaction.atomic():
            Relationship.objects.create(**row)
    except ProgrammingError as error:
        return "row-level security" in str(error)
    return False


def test_nobody_speaks_for_another_or_befriends_who_has_not_agreed(cast: Cast) -> None:
    ada, ben, friend = cast.ada, cast.ben, {"type": Type.FRIEND, "status": Status.ACCEPTED}
    assert refused(cast, user=ben, related_user=ada, **friend)
    assert refused(cast, user=ben, related_user=cast.eve, type=Type.BLOCKED, status=Status.ACCEPTED)
    assert refused(cast, user=ada, related_user=ben, **friend)
    say(ben, ada, (Type.FRIEND, Status.PENDING))
    assert refused(cast, user=ada, related_user=ben, **friend), "asked is not agreed"
    relationships.accept(ada.chat_id, ben.chat_id)
    assert relationships.friends(ben.chat_id) == [ada.chat_id]


def test_what_others_said_is_changed_only_by_answering(cast: Cast) -> None:
    say(cast.ben, cast.ada, (Type.FRIEND, Status.PENDING))
    rows = Relationship.objects.filter(user=cast.ben)
    with acting_as(cast.ada.pk):
        assert rows.delete()[0] == 0, "a request is taken back by who made it"
        for change in ({"type": Type.BLOCKED}, {"related_user": cast.eve}, {"user": cast.eve}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                rows.update(**change)
        assert rows.update(status=Status.REJECTED) == 1
    with acting_as(cast.eve.pk):
        assert rows.update(status=Status.ACCEPTED) == 0


@pytest.fixture
def many(cast: Cast) -> Iterator[None]:
    """A crowd, a friend and a block of Ada's among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO users (username, email, password_hash, skeleton) SELECT 'crowd' || n, 'c' || n, '!', 'crowd' "
            f"|| n FROM generate_series(1, {MANY}) n"
        )
        cursor.execute(
            "INSERT INTO profiles (user_id, display_name) SELECT id, 'Name ' || username FROM users "
            "WHERE username LIKE 'crowd%'"
        )
        cursor.execute("ANALYZE users, profiles, relationships")
    relationships.block(cast.ada.chat_id, cast.ben.chat_id)
    yield


@pytest.mark.parametrize(("text", "after"), [("crowd12", None), ("name crowd12", None), ("", None), ("c", "crowd3")])
def test_people_are_found_by_index_under_the_policies(many: None, cast: Cast, text: str, after: str | None) -> None:
    place = (after, cast.ada.chat_id) if after else None
    with CaptureQueriesContext(connection) as asked:
        assert people.find(cast.ada.chat_id, text, 20, place).cards
    searches = [str(one["sql"]) for one in asked if "search_key" in str(one["sql"])]
    assert searches
    for search in searches:
        nodes = list(_nodes(_plan(cast.ada, search)))
        assert not [
            node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] != "relationships"
        ]
        assert {node.get("Index Name") for node in nodes} & {"users_search_key_idx", "profiles_search_key_idx"}, search


def test_a_page_of_a_person_is_read_by_index_under_the_policies(many: None, cast: Cast) -> None:
    for rows in (
        Profile.objects.filter(user=cast.eve),
        Relationship.objects.filter(user=cast.ada),
        User.objects.named("eve").only(*User.PUBLIC),
    ):
        with acting_as(cast.ada.pk), CaptureQueriesContext(connection) as asked:
            list(rows)
        nodes = [one for one in _nodes(_plan(cast.ada, asked[0]["sql"])) if "Relation Name" in one]
        assert nodes and not [one for one in nodes if one["Relation Name"] in LARGE and one["Node Type"] == "Seq Scan"]


def _plan(viewer: User, search: str) -> dict[str, Any]:
    with scope.acting_as(viewer.pk), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {search}")
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
