"""Edits, deletions, reactions and pins: who may, once only, and everyone sees the message as it now is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services import relationships, tokens
from chatsite import mongo
from chatsite.errors import Conflict, Forbidden, Invalid, NotFound
from messaging.documents import Message
from messaging.repositories import changes
from messaging.repositories import conversations as stored
from messaging.repositories.projector import projector
from messaging.services import amendments, conversations, inbox, members, messages
from tests.cast import Cast, acquaint
from tests.live import LiveStack
from tests.messaging.conftest import say
from tests.sockets import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(cast: Cast) -> Message:
    """Ada's message in a group that she owns, with Ben in it and Eve outside."""
    group = conversations.create_group(cast.ada.chat_id, "Tea", [cast.ben.chat_id])
    return messages.send(cast.ada.chat_id, group.id, uuid4(), "tee at five").message


def test_an_edit_keeps_what_was_said_before(cast: Cast, said: Message) -> None:
    done = amendments.edit(cast.ada.chat_id, said.id, uuid4(), "tea at five")
    assert done.message.content == "tea at five"
    assert done.message.edited_at is not None
    assert done.change.details == {"before": "tee at five", "content": "tea at five"}
    assert inbox.rows(cast.ben.chat_id)[0].conversation.last_message_preview == "tea at five"


def test_a_deletion_leaves_the_place_and_nothing_else(cast: Cast, said: Message) -> None:
    amendments.react(cast.ben.chat_id, said.id, uuid4(), "🫖", True)
    assert inbox.rows(cast.ben.chat_id)[0].unread == 1
    done = amendments.delete(cast.ada.chat_id, said.id, uuid4()).message
    assert (done.seq, done.content, done.reactions) == (1, "", [])
    assert done.deleted_at is not None
    assert inbox.rows(cast.ben.chat_id)[0].unread == 0


def test_reactions_count_each_person_once(cast: Cast, said: Message) -> None:
    for who in (cast.ada, cast.ben, cast.ben):
        done = amendments.react(who.chat_id, said.id, uuid4(), "🫖", True)
    assert [(one.emoji, one.user_ids) for one in done.message.reactions] == [
        ("🫖", [cast.ada.chat_id, cast.ben.chat_id])
    ]
    for who in (cast.ada, cast.ben):
        done = amendments.react(who.chat_id, said.id, uuid4(), "🫖", False)
    assert done.message.reactions == []


def test_the_same_operation_again_is_applied_once(cast: Cast, said: Message) -> None:
    op = uuid4()
    first = amendments.edit(cast.ada.chat_id, said.id, op, "tea at five")
    amendments.edit(cast.ada.chat_id, said.id, uuid4(), "tea at six")
    again = amendments.edit(cast.ada.chat_id, said.id, op, "tea at five")
    assert again.change == first.change
    assert again.message.content == "tea at six"
    assert [one.rev for one in changes.after(said.conversation_id, 0, 10)] == [1, 2, 3]


def test_an_operation_id_with_another_content_is_a_conflict(cast: Cast, said: Message) -> None:
    op = uuid4()
    amendments.edit(cast.ada.chat_id, said.id, op, "tea at five")
    with pytest.raises(Conflict):
        amendments.edit(cast.ada.chat_id, said.id, op, "coffee at five")
    with pytest.raises(Conflict):
        amendments.delete(cast.ada.chat_id, said.id, op)


Amend = Callable[[User, Message], object]
AMENDS: list[Amend] = [
    lambda who, said: amendments.edit(who.chat_id, said.id, uuid4(), "mine now"),
    lambda who, said: amendments.delete(who.chat_id, said.id, uuid4()),
    lambda who, said: amendments.react(who.chat_id, said.id, uuid4(), "🫖", True),
    lambda who, said: amendments.pin(who.chat_id, said.id, uuid4(), True),
]


@pytest.mark.parametrize("amend", AMENDS)
def test_strangers_find_no_message(cast: Cast, said: Message, amend: Amend) -> None:
    assert cast.eve.pk
    with pytest.raises(NotFound):
        amend(cast.eve, said)


def test_only_the_writer_edits_and_only_they_or_who_runs_the_group_delete(cast: Cast, said: Message) -> None:
    with pytest.raises(Forbidden):
        amendments.edit(cast.ben.chat_id, said.id, uuid4(), "mine now")
    with pytest.raises(Forbidden):
        amendments.delete(cast.ben.chat_id, said.id, uuid4())
    members.set_role(cast.ada.chat_id, said.conversation_id, cast.ben.chat_id, "admin")
    assert amendments.delete(cast.ben.chat_id, said.id, uuid4()).message.deleted_at is not None


def test_a_deleted_message_takes_no_more(cast: Cast, said: Message) -> None:
    amendments.delete(cast.ada.chat_id, said.id, uuid4())
    with pytest.raises(Conflict):
        amendments.edit(cast.ada.chat_id, said.id, uuid4(), "still here")
    with pytest.raises(Conflict):
        amendments.react(cast.ben.chat_id, said.id, uuid4(), "🫖", True)


def test_a_late_projection_does_not_bring_back_what_was_deleted(cast: Cast, said: Message) -> None:
    projector.flush()
    mongo.database()["conversations"].update_one({"_id": said.conversation_id}, {"$set": {"last_seq": 0}})
    amendments.delete(cast.ada.chat_id, said.id, uuid4())
    stored.project([said])
    assert inbox.rows(cast.ben.chat_id)[0].conversation.last_message_preview == ""


def test_behind_a_block_the_blocker_changes_nothing_and_the_other_notices_nothing(cast: Cast) -> None:
    here = acquaint(cast.ada, cast.cleo)
    said = [say(cast.cleo, here) for _ in AMENDS]
    relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    for amend, hers in zip(AMENDS, said, strict=True):
        with pytest.raises(NotFound):
            amend(cast.ada, hers)
        amend(cast.cleo, hers)


@pytest.mark.parametrize("emoji", ["", "x", "<b>", "a b", "🫖 🫖", "🫖" * 65])
def test_a_reaction_is_an_emoji(cast: Cast, said: Message, emoji: str) -> None:
    with pytest.raises(Invalid):
        amendments.react(cast.ben.chat_id, said.id, uuid4(), emoji, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_changes_reach_open_sockets_and_those_that_come_back(live_stack: LiveStack) -> None:
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    private, _ = await sync_to_async(conversations.start_private)(ada.chat_id, ben.chat_id)
    tokens_of = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben)]
    here = str(private.id)
    async with signed_in(live_stack.socket_url, tokens_of[0]) as one:
        async with signed_in(live_stack.socket_url, tokens_of[1]) as other:
            await one.say(here, "tee at five")
            sent = await one.wait("ack")
            op = str(uuid4())
            await one.send("message.edit", op_id=op, message_id=sent["message_id"], content="tea at five")
            assert (await one.wait("ack", op_id=op))["rev"] == 1
            changed = await other.wait("message.changed", rev=1, kind="edited")
            assert changed["message"]["content"] == "tea at five"
            await other.send("reaction.set", op_id=str(uuid4()), message_id=sent["message_id"], emoji="🫖", on=True)
            assert (await one.wait("message.changed", rev=2))["message"]["reactions"] == [
                {"emoji": "🫖", "user_ids": [ben.chat_id]}
            ]
        async with signed_in(live_stack.socket_url, tokens_of[1], {here: [1, 0]}) as back:
            missed = await back.wait("sync.batch")
            assert [one["kind"] for one in missed["changes"]] == ["edited", "reaction"]
            assert missed["changes"][0]["message"]["content"] == "tea at five"
            assert (missed["seq"], missed["rev"], missed["more"]) == (1, 2, False)
