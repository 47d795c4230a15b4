"""Starting conversations, and who may do what in groups."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from accounts.services import relationships
from chatsite.errors import ChatError, Forbidden, Invalid, NotFound
from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.documents import Conversation
from messaging.repositories import changes
from messaging.repositories import conversations as stored
from messaging.services import conversations, inbox, members, messages, receipts
from tests.cast import Cast, acquaint
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db
NOBODY = UserId("00000000-0000-4000-8000-000000000000")


def roles(group: Conversation) -> dict[str, str]:
    return {one.user_id: one.role for one in stored.seats(group.id)}


def history(group: Conversation) -> list[str]:
    found = changes.after(group.id, 0, 100)
    assert [one.rev for one in found] == list(range(1, len(found) + 1))
    return [one.kind for one in found]


@pytest.mark.django_db(transaction=True)
def test_both_start_at_once_and_get_one_conversation(cast: Cast) -> None:
    pairs = [(cast.ada.chat_id, cast.ben.chat_id), (cast.ben.chat_id, cast.ada.chat_id)] * 4

    def start(pair: tuple[UserId, UserId]) -> tuple[Conversation, bool]:
        try:
            return conversations.start_private(*pair)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(start, pairs))
    assert len({one.id for one, _created in started}) == 1
    assert sum(created for _one, created in started) == 1
    assert {one.user_id for one in stored.seats(started[0][0].id)} == {str(cast.ada.pk), str(cast.ben.pk)}


def test_people_who_cannot_be_found_start_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.dora.pk).update(is_active=False)
    for other in (NOBODY, cast.dora.chat_id, "no id"):
        with pytest.raises(NotFound):
            conversations.start_private(cast.ada.chat_id, other)
        with pytest.raises(NotFound):
            conversations.create_group(cast.ada.chat_id, "Kites", [cast.ben.chat_id, other])
    assert stored.of_person(cast.ada.chat_id) == []


def test_a_block_keeps_people_out_of_groups_and_puts_their_conversation_away(cast: Cast) -> None:
    private = acquaint(cast.ada, cast.cleo)
    relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    for one, other in ((cast.ada, cast.cleo), (cast.cleo, cast.ada)):
        with pytest.raises(Invalid):
            conversations.create_group(one.chat_id, "Kites", [other.chat_id])
    with pytest.raises(NotFound):
        say(cast.ada, private)
    with pytest.raises(Forbidden):
        conversations.start_private(cast.ada.chat_id, cast.cleo.chat_id)
    assert say(cast.cleo, private).seq == 1
    assert inbox.rows(cast.ada.chat_id) == []
    relationships.unblock(cast.ada.chat_id, cast.cleo.chat_id)
    assert [row.unread for row in inbox.rows(cast.ada.chat_id)] == [1]
    assert say(cast.ada, private).seq == 2


def test_a_group_begins_with_its_owner(cast: Cast, group: Conversation) -> None:
    assert roles(group) == {str(cast.ada.pk): "owner", str(cast.ben.pk): "member", str(cast.cleo.pk): "member"}
    assert history(group) == ["created"]


def test_who_joins_later_has_nothing_unread(cast: Cast, group: Conversation) -> None:
    head = say(cast.ada, group).seq
    members.add(cast.ada.chat_id, group.id, [cast.dora.chat_id, cast.ben.chat_id, cast.dora.chat_id])
    seat = access.conversation(cast.dora.chat_id, group.id).membership
    assert (seat.joined_seq, seat.delivered_seq, seat.read_seq) == (head, head, head)
    assert history(group) == ["created", "member_added"]
    members.add(cast.ada.chat_id, group.id, [cast.dora.chat_id])
    assert history(group) == ["created", "member_added"]


def test_what_admins_and_members_may_do(cast: Cast, group: Conversation) -> None:
    members.set_role(cast.ada.chat_id, group.id, cast.ben.chat_id, "admin")
    members.add(cast.ben.chat_id, group.id, [cast.dora.chat_id])
    conversations.rename(cast.ben.chat_id, group.id, "Dragons")
    members.remove(cast.ben.chat_id, group.id, cast.dora.chat_id)
    for attempt in (
        lambda: members.remove(cast.ben.chat_id, group.id, cast.ada.chat_id),
        lambda: members.set_role(cast.ben.chat_id, group.id, cast.cleo.chat_id, "admin"),
        lambda: members.remove(cast.cleo.chat_id, group.id, cast.ben.chat_id),
        lambda: members.add(cast.cleo.chat_id, group.id, [cast.dora.chat_id]),
        lambda: conversations.rename(cast.cleo.chat_id, group.id, "Mine"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert roles(group) == {str(cast.ada.pk): "owner", str(cast.ben.pk): "admin", str(cast.cleo.pk): "member"}
    assert history(group) == ["created", "role_changed", "member_added", "renamed", "member_removed"]


def test_there_is_one_owner_whoever_gets_the_group(cast: Cast, group: Conversation) -> None:
    members.set_role(cast.ada.chat_id, group.id, cast.cleo.chat_id, "owner")
    assert roles(group) == {str(cast.ada.pk): "admin", str(cast.ben.pk): "member", str(cast.cleo.pk): "owner"}
    with pytest.raises(Forbidden):
        members.set_role(cast.ada.chat_id, group.id, cast.ben.chat_id, "owner")


def test_an_owner_who_leaves_hands_over_to_an_admin_first(cast: Cast, group: Conversation) -> None:
    members.set_role(cast.ada.chat_id, group.id, cast.cleo.chat_id, "admin")
    members.leave(cast.ada.chat_id, group.id)
    assert roles(group) == {str(cast.ben.pk): "member", str(cast.cleo.pk): "owner"}
    members.leave(cast.cleo.chat_id, group.id)
    assert roles(group) == {str(cast.ben.pk): "owner"}
    with pytest.raises(NotFound):
        access.conversation(cast.ada.chat_id, group.id)


def test_the_last_one_out_closes_the_group(cast: Cast) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Alone", [])
    members.leave(cast.ada.chat_id, group.id)
    closed = stored.by_id(group.id)
    assert closed is not None
    assert (closed.is_active, closed.participants) == (False, [])


def test_a_private_conversation_has_no_members_to_manage(cast: Cast) -> None:
    private, _ = conversations.start_private(cast.ada.chat_id, cast.ben.chat_id)
    for attempt in (
        lambda: members.leave(cast.ada.chat_id, private.id),
        lambda: members.add(cast.ada.chat_id, private.id, [cast.dora.chat_id]),
        lambda: members.remove(cast.ada.chat_id, private.id, cast.ben.chat_id),
        lambda: members.set_role(cast.ada.chat_id, private.id, cast.ben.chat_id, "owner"),
        lambda: conversations.rename(cast.ada.chat_id, private.id, "Us"),
    ):
        with pytest.raises(Invalid):
            attempt()
    assert len(stored.seats(private.id)) == 2


STRANGERS: dict[str, Callable[[UserId, ObjectId, UserId], Any]] = {
    "access": lambda eve, here, ben: access.conversation(eve, here),
    "seats": lambda eve, here, ben: members.seats(eve, here),
    "add": lambda eve, here, ben: members.add(eve, here, [eve]),
    "remove": lambda eve, here, ben: members.remove(eve, here, ben),
    "remove herself": lambda eve, here, ben: members.remove(eve, here, eve),
    "leave": lambda eve, here, ben: members.leave(eve, here),
    "set_role": lambda eve, here, ben: members.set_role(eve, here, ben, "admin"),
    "rename": lambda eve, here, ben: conversations.rename(eve, here, "Mine"),
    "send": lambda eve, here, ben: messages.send(eve, here, uuid4(), "let me in"),
    "page": lambda eve, here, ben: messages.page(eve, here),
    "changes": lambda eve, here, ben: messages.changes_since(eve, here, 0),
    "mark": lambda eve, here, ben: receipts.mark(eve, here, "read", 1),
    "receipts": lambda eve, here, ben: receipts.of_message(eve, here, 1),
}


@pytest.mark.parametrize("deed", STRANGERS)
def test_a_stranger_finds_nothing(cast: Cast, group: Conversation, deed: str) -> None:
    sent = say(cast.ada, group)
    said = []
    for here in (group.id, ObjectId()):
        with pytest.raises(NotFound) as refusal:
            STRANGERS[deed](cast.eve.chat_id, here, cast.ben.chat_id)
        said.append(refusal.value.detail)
    assert said[0] == said[1]
    assert messages.page(cast.ada.chat_id, group.id).messages == [sent]
    assert len(roles(group)) == 3
    with pytest.raises(NotFound):
        access.message(cast.eve.chat_id, sent.id)
    assert access.message(cast.ben.chat_id, sent.id) == sent


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b", "a\u202eb", "\ud800"])
def test_what_is_no_name(cast: Cast, group: Conversation, name: str) -> None:
    with pytest.raises(ChatError):
        conversations.rename(cast.ada.chat_id, group.id, name)
    assert history(group) == ["created"]
