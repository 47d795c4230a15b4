from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import policy
from accounts.models import Relationship, User
from accounts.services import facts, people, relationships
from accounts.signals import block_changed, friend_accepted, friend_requested
from chatsite.errors import Conflict, Invalid, NotFound
from tests.cast import Cast


def ids(*users: User) -> list[str]:
    return [user.chat_id for user in users]


def seen(me: User, other: User) -> tuple[str, str]:
    """How each of two sees them both."""
    return relationships.standing(me.chat_id, other.chat_id), relationships.standing(other.chat_id, me.chat_id)


def act(verb: Callable[..., object], me: User, other: User) -> object:
    return verb(me.chat_id, other.chat_id)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str, str]]]:
    """What was announced: (signal, user, other)."""
    log: list[tuple[str, str, str]] = []

    def requested(user_id: str, other_id: str, **_: object) -> None:
        log.append(("requested", user_id, other_id))

    def accepted(user_id: str, other_id: str, **_: object) -> None:
        log.append(("accepted", user_id, other_id))

    friend_requested.connect(requested)
    friend_accepted.connect(accepted)
    yield log
    friend_requested.disconnect(requested)
    friend_accepted.disconnect(accepted)


def test_a_request_accepted_makes_friends_of_both(cast: Cast) -> None:
    act(relationships.request, cast.ada, cast.ben)
    assert seen(cast.ada, cast.ben) == ("requested", "asked")
    assert relationships.requests_to(cast.ben.chat_id) == ids(cast.ada)
    act(relationships.accept, cast.ben, cast.ada)
    assert seen(cast.ada, cast.ben) == ("friends", "friends")
    assert relationships.friends(cast.ada.chat_id) == ids(cast.ben)
    assert relationships.friends(cast.ben.chat_id) == ids(cast.ada)


def test_asking_back_is_accepting(cast: Cast) -> None:
    act(relationships.request, cast.ada, cast.ben)
    act(relationships.request, cast.ben, cast.ada)
    assert seen(cast.ada, cast.ben) == ("friends", "friends")


def test_a_refusal_leaves_no_trace_to_the_asker(cast: Cast) -> None:
    before = act(relationships.request, cast.ada, cast.ben)
    act(relationships.reject, cast.ben, cast.ada)
    assert seen(cast.ada, cast.ben) == ("requested", "none")
    assert relationships.requests_from(cast.ada.chat_id) == ids(cast.ben)
    again = act(relationships.request, cast.ada, cast.ben)
    assert relationships.status_shown(again) == relationships.status_shown(before) == "pending"
    assert relationships.requests_to(cast.ben.chat_id) == []


def test_unfriending_ends_it_for_both(cast: Cast) -> None:
    act(relationships.request, cast.ada, cast.ben)
    act(relationships.accept, cast.ben, cast.ada)
    act(relationships.unfriend, cast.ben, cast.ada)
    assert seen(cast.ada, cast.ben) == ("none", "none")
    assert not Relationship.objects.exists()


def test_a_block_ends_friendship_and_contact_but_not_other_blocks(cast: Cast) -> None:
    act(relationships.request, cast.ada, cast.cleo)
    act(relationships.accept, cast.cleo, cast.ada)
    act(relationships.block, cast.cleo, cast.ada)
    act(relationships.block, cast.ada, cast.cleo)
    act(relationships.unblock, cast.cleo, cast.ada)
    assert seen(cast.ada, cast.cleo) == ("blocked", "none")
    assert facts.between(cast.cleo.chat_id, cast.ada.chat_id).block == "theirs"
    act(relationships.unblock, cast.ada, cast.cleo)
    assert facts.between(cast.cleo.chat_id, cast.ada.chat_id).block == "none"


def test_the_blocked_person_notices_nothing_and_reaches_nobody(
    cast: Cast, heard: list, django_capture_on_commit_callbacks: Callable
) -> None:
    act(relationships.block, cast.ada, cast.cleo)
    with django_capture_on_commit_callbacks(execute=True):
        act(relationships.request, cast.cleo, cast.ada)
    assert seen(cast.cleo, cast.ada) == ("requested", "blocked")
    assert relationships.requests_to(cast.ada.chat_id) == []
    assert heard == []


def test_blocking_leaves_a_waiting_request_of_the_blocked_as_it_looks_to_them(cast: Cast) -> None:
    act(relationships.request, cast.cleo, cast.ada)
    act(relationships.block, cast.ada, cast.cleo)
    assert seen(cast.cleo, cast.ada) == ("requested", "blocked")
    with pytest.raises(NotFound):
        act(relationships.accept, cast.ada, cast.cleo)


def test_blocking_again_changes_nothing_and_is_announced_once(
    cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    log: list[tuple[str, str, bool]] = []

    def changed(user_id: str, other_id: str, on: bool, **_: object) -> None:
        log.append((user_id, other_id, on))

    block_changed.connect(changed)
    ada, cleo = cast.ada.chat_id, cast.cleo.chat_id
    with django_capture_on_commit_callbacks(execute=True):
        act(relationships.block, cast.ada, cast.cleo)
        since = policy.blockers_of([cleo])[cleo]
        act(relationships.block, cast.ada, cast.cleo)
        assert policy.blockers_of([cleo])[cleo] == since
        act(relationships.unblock, cast.ada, cast.cleo)
        act(relationships.unblock, cast.ada, cast.cleo)
    block_changed.disconnect(changed)
    assert log == [(ada, cleo, True), (ada, cleo, False)]


def test_the_blocker_cannot_ask_without_unblocking(cast: Cast) -> None:
    act(relationships.block, cast.ada, cast.cleo)
    with pytest.raises(Conflict):
        act(relationships.request, cast.ada, cast.cleo)


def test_announced_once_and_only_when_it_happened(
    cast: Cast, heard: list, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        act(relationships.request, cast.ada, cast.ben)
        act(relationships.request, cast.ada, cast.ben)
        act(relationships.accept, cast.ben, cast.ada)
        act(relationships.accept, cast.ben, cast.ada)
    ada, ben = cast.ada.chat_id, cast.ben.chat_id
    assert heard == [("requested", ada, ben), ("accepted", ben, ada)]


@pytest.mark.parametrize("verb", [relationships.accept, relationships.reject])
def test_there_must_be_a_request_to_answer(cast: Cast, verb: Callable[..., object]) -> None:
    with pytest.raises(NotFound):
        act(verb, cast.ada, cast.ben)


def test_nobody_relates_to_themself_or_to_the_closed(cast: Cast) -> None:
    with pytest.raises(Invalid):
        act(relationships.request, cast.ada, cast.ada)
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    with pytest.raises(NotFound):
        act(relationships.request, cast.ada, cast.ben)


def test_withdrawing_does_what_the_row_is(cast: Cast) -> None:
    row = act(relationships.request, cast.ada, cast.ben)
    assert relationships.visible(cast.eve.chat_id).count() == 0
    assert list(relationships.visible(cast.ben.chat_id)) == [row]
    relationships.withdraw(cast.ben.chat_id, row)
    assert seen(cast.ada, cast.ben) == ("requested", "none")
    row.refresh_from_db()
    relationships.withdraw(cast.ada.chat_id, row)
    assert not Relationship.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_each_other_at_once_become_friends(cast: Cast) -> None:
    def ask(pair: tuple[User, User]) -> None:
        try:
            act(relationships.request, *pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, [(cast.ada, cast.ben), (cast.ben, cast.ada)]))
    assert seen(cast.ada, cast.ben) == ("friends", "friends")


def test_blocked_between_is_symmetric_and_one_query(cast: Cast, django_assert_num_queries: Callable) -> None:
    act(relationships.block, cast.ada, cast.cleo)
    act(relationships.block, cast.dora, cast.ada)
    everyone = ids(cast.ben, cast.cleo, cast.dora, cast.eve)
    with django_assert_num_queries(1):
        assert policy.blocked_between(cast.ada.chat_id, everyone) == set(ids(cast.cleo, cast.dora))
    assert [card.username for card in people.search(cast.ada.chat_id, "")] == ["ben", "eve"]
    assert "ada" not in [card.username for card in people.search(cast.cleo.chat_id, "")]
