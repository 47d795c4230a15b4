"""The bench makes people and conversations in bulk: they are what the services make one by one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from accounts.models import Profile, User
from chatsite.management.bench import crowd, people
from chatsite.management.bench.job import Needs
from chatsite.types import UserId
from messaging import access
from messaging.documents import Conversation
from messaging.repositories import conversations
from messaging.services import conversations as starting
from messaging.services import messages
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)  # conversations are made in threads
OWN = {"id", "participants", "created_by", "created_at", "updated_at", "last_message_at", "name", "pair"}


def alike(one: Conversation, other: Conversation) -> bool:
    same = set(Conversation.__struct_fields__) - OWN
    return all(getattr(one, name) == getattr(other, name) for name in same)


def seats(here: Conversation) -> list[tuple[str, int, int]]:
    return sorted((one.role, one.joined_seq, one.read_seq) for one in conversations.seats(here.id))


def test_a_group_and_a_pair_are_like_those_that_people_start(cast: Cast) -> None:
    made = people.prepare(Needs(people=3, groups=[[0, 1, 2]], pairs=[(0, 1)]))
    assert len(set(made.sessions)) == 3
    group, pair = (conversations.by_id(people.ObjectId(one)) for one in (*made.groups, *made.pairs))
    their_group = starting.create_group(cast.ada.chat_id, "Room", [cast.ben.chat_id, cast.dora.chat_id])
    their_pair, _ = starting.start_private(cast.ada.chat_id, cast.ben.chat_id)
    assert group and pair
    assert alike(group, their_group) and alike(pair, their_pair)
    assert seats(group) == seats(their_group) and seats(pair) == seats(their_pair)


def test_a_crowd_is_there_besides() -> None:
    assert len(people.prepare(Needs(people=1, crowd=12)).sessions) == 1
    made = User.objects.filter(username__startswith=crowd.USERNAME)
    assert made.count() == Profile.objects.filter(user__in=made).count() == 12


def test_an_archive_is_a_log_without_holes_that_both_may_read() -> None:
    made = people.prepare(Needs(people=2, pairs=[(0, 1)], archive=2_345))
    here = people.ObjectId(made.pairs[0])
    one, other = (UserId(seat.user_id) for seat in conversations.seats(here))
    page = messages.page(one, here, limit=200)
    assert page.head[0] == page.messages[-1].seq == 2_345
    assert all(a.seq + 1 == b.seq and a.created_at < b.created_at for a, b in pairwise(page.messages))
    assert {entry.sender_id for entry in page.messages} == {one, other}
    assert all(entry.read_by[0].user_id != entry.sender_id for entry in page.messages)
    assert access.conversation(other, here).conversation.last_seq == 2_345
