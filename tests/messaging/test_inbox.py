"""The list of conversations: what it shows comes from the log, whatever was left behind."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pymongo.read_concern import ReadConcern

from chatsite import mongo
from messaging.repositories.projector import projector
from messaging.services import conversations, inbox, messages, receipts
from tests.cast import Cast, acquaint

pytestmark = pytest.mark.django_db


def test_a_list_left_behind_by_a_dead_process_mends_itself(cast: Cast) -> None:
    private = acquaint(cast.ada, cast.ben)
    messages.send(cast.ada.chat_id, private.id, uuid4(), "said just before the crash")
    projector.flush()
    as_after_a_crash = {"$set": {"last_seq": 0}, "$unset": {"last_message_at": 1, "last_message_preview": 1}}
    mongo.database()["conversations"].update_one({"_id": private.id}, as_after_a_crash)

    (row,) = inbox.rows(cast.ben.chat_id)

    assert (row.conversation.last_message_preview, row.unread) == ("said just before the crash", 1)
    projector.flush()
    written = mongo.database()["conversations"].with_options(read_concern=ReadConcern("local"))  # before the majority
    stored = written.find_one({"_id": private.id})
    assert stored is not None
    assert stored["last_seq"] == 1


def test_unread_counts_messages_of_others_after_the_mark(cast: Cast) -> None:
    group = conversations.create_group(cast.ada.chat_id, "Tea", [cast.ben.chat_id])
    for text in ("one", "two", "three"):
        messages.send(cast.ada.chat_id, group.id, uuid4(), text)
    messages.send(cast.ben.chat_id, group.id, uuid4(), "four")
    receipts.mark(cast.ben.chat_id, group.id, "read", 1)

    assert [row.unread for row in inbox.rows(cast.ben.chat_id)] == [2]
    assert [row.unread for row in inbox.rows(cast.ada.chat_id)] == [1]


def test_a_private_conversation_shows_to_the_other_with_its_first_message(cast: Cast) -> None:
    private = acquaint(cast.ada, cast.ben)
    assert [row.conversation.id for row in inbox.rows(cast.ada.chat_id)] == [private.id]
    assert inbox.rows(cast.ben.chat_id) == []

    messages.send(cast.ada.chat_id, private.id, uuid4(), "hello")

    assert [row.conversation.id for row in inbox.rows(cast.ben.chat_id)] == [private.id]
