"""Editing, deleting, reacting and pinning over HTTP: the same services, once only, in the declared shapes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chatsite import mongo
from messaging.documents import Conversation
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem, say

pytestmark = pytest.mark.django_db


def test_an_edit_leaves_its_history_until_the_message_is_deleted(cast: Cast, group: Conversation, api: Apis) -> None:
    said, ada, ben, op = say(cast.ada, group, "tee at five"), api(cast.ada), api(cast.ben), str(uuid4())
    address = f"messages/{said.id}/"
    for _ in range(2):
        edited = ada("PATCH", address, {"op_id": op, "content": "tea at five"})
        assert (edited.status_code, edited.json()["content"]) == (200, "tea at five")
    assert [one["content"] for one in ben.get(f"{address}history/").json()["results"]] == ["tee at five", "tea at five"]
    problem(api(cast.eve).get(f"{address}history/"), 404, "not_found")
    problem(ben("PATCH", address, {"op_id": str(uuid4()), "content": "mine"}), 403, "forbidden")
    problem(ben("DELETE", address), 403, "forbidden")
    assert ada("DELETE", address, op_id=str(uuid4())).json()["deleted_at"]
    problem(ada("PATCH", address, {"op_id": str(uuid4()), "content": "tea"}), 409, "conflict")
    problem(ben.get(f"{address}history/"), 409, "conflict")


def test_reactions_and_pins_are_set_and_taken_back(cast: Cast, group: Conversation, api: Apis) -> None:
    said, ben = say(cast.ada, group), api(cast.ben)
    for on, held in ((True, [{"emoji": "🪁", "user_ids": [cast.ben.chat_id]}]), (False, [])):
        body = {"op_id": str(uuid4()), "emoji": "🪁", "on": on}
        assert ben.post(f"messages/{said.id}/reactions/", body).json()["reactions"] == held
        pinned = ben.post(f"messages/{said.id}/pin/", {"op_id": str(uuid4()), "on": on}).json()
        assert (pinned["pinned_at"] is not None) is on
    problem(ben.post(f"messages/{said.id}/pin/", {"on": True}), 400, "invalid")


def test_where_a_limit_is_set_an_edit_may_come_too_late(
    cast: Cast, group: Conversation, api: Apis, settings: Any
) -> None:
    settings.EDIT_HOURS = 1
    said, ada = say(cast.ada, group), api(cast.ada)
    body = {"op_id": str(uuid4()), "content": "later"}
    assert ada("PATCH", f"messages/{said.id}/", body).status_code == 200
    earlier = {"created_at": said.created_at - timedelta(hours=1, seconds=1)}
    mongo.database()["messages"].update_one({"_id": said.id}, {"$set": earlier})
    detail = problem(ada("PATCH", f"messages/{said.id}/", {**body, "op_id": str(uuid4())}), 409, "conflict")["detail"]
    assert "can no longer be edited" in detail
