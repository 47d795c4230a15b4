"""Messages one keeps at hand: for oneself, as long as one may read them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from messaging.documents import Conversation, Message
from messaging.repositories import messages as log
from messaging.repositories import saved as stored
from messaging.services import amendments, conversations, export, hiding, members, saving
from tests.cast import Cast
from tests.messaging.conftest import Api, Apis, problem, say

pytestmark = pytest.mark.django_db


def keep(api: Api, message: Message) -> Any:
    return api.post("saved-messages/", {"message_id": str(message.id)})


def listed(api: Api, **query: object) -> list[str]:
    return [one["message"]["content"] for one in api.get("saved-messages/", **query).json()["results"]]


def test_a_message_is_kept_once_and_let_go(cast: Cast, api: Apis, group: Conversation) -> None:
    message, ada = say(cast.ben, group, "remember"), api(cast.ada)
    first, again = keep(ada, message), keep(ada, message)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == ada.get(f"saved-messages/{message.id}/").json()
    assert listed(ada) == ["remember"] and listed(api(cast.ben)) == []
    problem(api(cast.ben).get(f"saved-messages/{message.id}/"), 404, "not_found")
    assert ada("DELETE", f"saved-messages/{message.id}/").status_code == 204
    problem(ada("DELETE", f"saved-messages/{message.id}/"), 404, "not_found")
    assert listed(ada) == []


def test_only_what_one_may_read_can_be_kept(cast: Cast, api: Apis, group: Conversation) -> None:
    message = say(cast.ben, group)
    problem(keep(api(cast.eve), message), 404, "not_found")
    amendments.delete(cast.ben.chat_id, message.id, uuid4())
    problem(keep(api(cast.ada), message), 409, "conflict")


def test_pages_are_last_saved_first_and_leave_out_what_may_not_be_read(
    cast: Cast, api: Apis, group: Conversation
) -> None:
    other, ada = conversations.create_group(cast.ben.chat_id, "Elsewhere", [cast.ada.chat_id]), api(cast.ada)
    for number in range(5):
        keep(ada, say(cast.ben, group, f"here {number}"))
        last = say(cast.ben, other, f"there {number}")
        keep(ada, last)
    first = ada.get("saved-messages/", limit=4).json()
    assert [one["message"]["content"] for one in first["results"]] == ["there 4", "here 4", "there 3", "here 3"]
    cursor = first["next"].partition("cursor=")[2].partition("&")[0]
    amendments.delete(cast.ben.chat_id, last.id, uuid4())
    members.leave(cast.ada.chat_id, other.id)
    assert listed(ada, limit=4, cursor=cursor) == ["here 2", "here 1", "here 0"]
    assert listed(ada, limit=2) == ["here 4", "here 3"]
    hiding.hide(cast.ada.chat_id, log.one(group.id, 5).id, True)
    assert listed(ada, limit=2) == ["here 3", "here 2"]
    hiding.hide(cast.ada.chat_id, log.one(group.id, 5).id, False)
    members.add(cast.ben.chat_id, other.id, [cast.ada.chat_id])
    assert listed(ada, limit=2) == ["here 4", "there 3"]
    problem(ada.get("saved-messages/", cursor="x"), 400, "invalid")


def test_it_is_in_a_copy_of_ones_data_and_goes_with_the_account(cast: Cast, api: Apis, group: Conversation) -> None:
    keep(api(cast.ada), say(cast.ben, group, "remember"))
    (part,) = [one for one in export.parts(cast.ada.chat_id) if one.name == "saved-messages.jsonl"]
    assert b"remember" in b"".join(part.rows)
    saving.forget(cast.ada.chat_id)
    assert stored.before(cast.ada.chat_id, None, 9) == []
