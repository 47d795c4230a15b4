"""A file goes with one message of whose it is, whatever is repeated; and goes away with it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from chatsite.errors import ChatError, Conflict, Invalid, TooLarge
from messaging.documents import FILES_MAX, Conversation
from messaging.repositories import messages as log
from messaging.services import amendments, conversations, inbox, members, messages
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem
from tests.messaging.files.conftest import TEXT, Get, send, stored, upload
from tests.messaging.views.conftest import settle

pytestmark = pytest.mark.django_db


def test_a_message_may_be_nothing_but_files(cast: Cast, api: Apis, group: Conversation, get: Get) -> None:
    files = [upload(api(cast.ada), group, TEXT, name) for name in ("one.txt", "two.txt")]
    body = {"client_id": str(uuid4()), "content": "", "attachments": [one["id"] for one in files]}
    sent = api(cast.ada).post(f"conversations/{group.id}/messages/", body)
    assert sent.status_code == 201
    shown = sent.json()["attachments"]
    assert [(one["name"], one["type"], one["size"]) for one in shown] == [
        ("one.txt", "text/plain", len(TEXT)),
        ("two.txt", "text/plain", len(TEXT)),
    ]
    assert [one.keys() for one in shown] == [{"id", "type", "url", "name", "size"}] * 2
    assert get(cast.ben, shown[0]["url"]).status_code == 200
    settle(log.last(group.id, 1)[0])
    assert inbox.rows(cast.ben.chat_id)[0].conversation.last_message_preview == "📎 one.txt, two.txt"


def test_the_same_send_again_is_the_same_message_with_its_files(cast: Cast, api: Apis, group: Conversation) -> None:
    file, again = upload(api(cast.ada), group), uuid4()
    first, second = (messages.send(cast.ada.chat_id, group.id, again, "", files=[file["id"]]) for _ in range(2))
    assert (first.created, second.created) == (True, False)
    assert first.message.attachments == second.message.attachments != []
    amendments.delete(cast.ada.chat_id, first.message.id, uuid4())
    third = messages.send(cast.ada.chat_id, group.id, again, "", files=[file["id"]])
    assert (third.created, third.message.id) == (False, first.message.id)


def test_a_file_goes_with_one_message(cast: Cast, api: Apis, group: Conversation) -> None:
    file = upload(api(cast.ada), group)
    send(cast.ada, group, file["id"])
    with pytest.raises(Conflict):
        send(cast.ada, group, file["id"], content="again")
    assert len(log.last(group.id, 9)) == 1


def test_whose_file_it_is_and_where_it_belongs(cast: Cast, api: Apis, group: Conversation) -> None:
    file = upload(api(cast.ada), group)
    other = conversations.create_group(cast.ada.chat_id, "Elsewhere", [cast.ben.chat_id])
    for who, where in ((cast.ben, group), (cast.ada, other)):
        with pytest.raises(Conflict):
            send(who, where, file["id"])
    assert log.last(group.id, 9) == log.last(other.id, 9) == []
    send(cast.ada, group, file["id"])


def test_what_is_wrong_with_a_list_of_files(cast: Cast, api: Apis, group: Conversation) -> None:
    file = upload(api(cast.ada), group)
    wrong: list[tuple[list[str], type[ChatError]]] = [
        ([file["id"], file["id"]], Invalid),
        (["0" * 24], Conflict),
        ([f"{number:024x}" for number in range(FILES_MAX + 1)], TooLarge),
    ]
    for files, error in wrong:
        with pytest.raises(error):
            send(cast.ada, group, *files)
    body = {"client_id": str(uuid4()), "content": "", "attachments": []}
    problem(api(cast.ada).post(f"conversations/{group.id}/messages/", body), 400, "invalid")
    assert log.last(group.id, 9) == []
    send(cast.ada, group, file["id"])  # none of it took the file away


def test_with_a_deleted_message_its_files_go(cast: Cast, api: Apis, group: Conversation, get: Get, media: Path) -> None:
    file = upload(api(cast.ada), group)
    sent = send(cast.ada, group, file["id"], content="look")
    assert get(cast.ben, file["url"]).status_code == 200
    done = amendments.delete(cast.ada.chat_id, sent.id, uuid4())
    assert done.message.attachments == []
    assert [get(who, file["url"]).status_code for who in (cast.ada, cast.ben)] == [404, 404]
    assert stored(media) == []


def test_an_edit_may_take_the_words_away_but_not_the_files(cast: Cast, api: Apis, group: Conversation) -> None:
    sent = send(cast.ada, group, upload(api(cast.ada), group)["id"], content="look")
    done = amendments.edit(cast.ada.chat_id, sent.id, uuid4(), "").message
    assert (done.content, done.attachments) == ("", sent.attachments)


def test_who_leaves_has_the_files_no_more(cast: Cast, api: Apis, group: Conversation, get: Get) -> None:
    file = upload(api(cast.ada), group)
    send(cast.ada, group, file["id"])
    assert get(cast.ben, file["url"]).status_code == 200
    members.leave(cast.ben.chat_id, group.id)
    assert [get(who, file["url"]).status_code for who in (cast.ben, cast.eve, None)] == [404, 404, 404]
    assert get(cast.cleo, file["url"]).status_code == 200
