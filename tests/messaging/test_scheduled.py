"""Messages that go out at their time: once, as their sender, with the rights of that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from accounts.models import User
from accounts.services import departures, relationships
from chatsite import mongo
from chatsite.clock import iso, now
from chatsite.errors import Conflict, Unavailable
from messaging.documents import Conversation
from messaging.repositories import messages as log
from messaging.repositories import scheduled as stored
from messaging.repositories import uploads
from messaging.services import attachments, export, members, messages, scheduling
from messaging.services.scheduling import MOST
from messaging.signals import scheduled_failed
from messaging.tasks import send_scheduled
from tests.cast import Cast, acquaint
from tests.messaging.conftest import Api, Apis, problem, say
from tests.messaging.files.conftest import media, upload
from tests.messaging.files.conftest import stored as stored_files

__all__ = ["media"]
pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=5)


def plan(api: Api, where: Conversation, content: str = "later", **more: object) -> Any:
    body = {"conversation_id": str(where.id), "client_id": str(uuid4()), "content": content}
    return api.post("scheduled-messages/", {**body, "due_at": iso(now() + SOON), **more})


def planned(api: Api, where: Conversation, content: str = "later", **more: object) -> dict[str, Any]:
    answer = plan(api, where, content, **more)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


Pass = Callable[[timedelta], None]


@pytest.fixture
def later() -> Iterator[Pass]:
    """Lets time pass for what is scheduled."""
    passed = timedelta()

    def moment() -> datetime:
        return now() + passed

    def go_on(span: timedelta) -> None:
        nonlocal passed
        passed += span

    with patch.object(scheduling, "now", moment):
        yield go_on


def contents(where: Conversation) -> list[str]:
    return [one.content for one in log.last(where.id, 50)]


def waiting(who: User) -> list[str]:
    return [one.state for one in scheduling.mine(who.chat_id)]


def test_it_goes_out_at_its_time_and_not_before(cast: Cast, api: Apis, group: Conversation, later: Pass) -> None:
    first = say(cast.ben, group, "When?")
    made = planned(api(cast.ada), group, "Soon", reply_to=str(first.id))
    send_scheduled(timestamp=0)
    assert contents(group) == ["When?"]
    later(SOON)
    send_scheduled(timestamp=0)
    sent = log.last(group.id, 1)[0]
    assert (sent.content, sent.sender_id, sent.client_id) == ("Soon", cast.ada.chat_id, made["client_id"])
    assert sent.reply_to == first.id
    assert api(cast.ada).get("scheduled-messages/").json() == {"results": []}


def test_scheduling_again_is_the_same_and_it_is_nobody_elses(cast: Cast, api: Apis, group: Conversation) -> None:
    same = str(uuid4())
    one, two = (planned(api(cast.ada), group, client_id=same) for _ in range(2))
    assert one == two
    assert api(cast.ada).get(f"conversations/{group.id}/").json()["membership"]["scheduled"] == 1
    assert "scheduled" not in api(cast.ben).get(f"conversations/{group.id}/").json()["membership"]
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "send/")):
        body = {} if method == "PATCH" else None
        problem(api(cast.ben)(method, f"scheduled-messages/{one['id']}/{path}", body), 404, "not_found")
    problem(plan(api(cast.eve), group), 404, "not_found")


def test_words_and_time_can_be_changed_and_it_can_be_taken_back(cast: Cast, api: Apis, group: Conversation) -> None:
    ada, made = api(cast.ada), planned(api(cast.ada), group)
    address, due = f"scheduled-messages/{made['id']}/", iso((now() + 2 * SOON).replace(second=0, microsecond=0))
    changed = ada("PATCH", address, {"content": "otherwise", "due_at": due}).json()
    assert (changed["content"], changed["due_at"]) == ("otherwise", due)
    assert ada.get(address).json() == changed
    assert ada("DELETE", address).status_code == 204
    problem(ada("DELETE", address), 404, "not_found")
    assert contents(group) == [] and waiting(cast.ada) == []


def test_it_can_be_sent_at_once(cast: Cast, api: Apis, group: Conversation) -> None:
    made = planned(api(cast.ada), group, "now after all")
    assert api(cast.ada)("POST", f"scheduled-messages/{made['id']}/send/").json()["content"] == "now after all"
    assert contents(group) == ["now after all"] and waiting(cast.ada) == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"due_at": "2020-01-01T00:00:00Z"}, 400),
        ({"due_at": "2999-01-01T00:00:00Z"}, 400),
        ({"due_at": "2999-01-01T00:00:00"}, 400),
        ({"due_at": "tomorrow"}, 400),
        ({"content": ""}, 400),
        ({"content": "x" * 10_001}, 413),
        ({"reply_to": "a" * 24}, 404),
        ({"attachments": ["a" * 24]}, 409),
    ],
)
def test_what_cannot_be_scheduled(cast: Cast, api: Apis, group: Conversation, more: Any, status: int) -> None:
    assert plan(api(cast.ada), group, **more).status_code == status
    assert waiting(cast.ada) == []


def test_there_are_not_too_many(cast: Cast, api: Apis, group: Conversation) -> None:
    with patch.object(scheduling, "MOST", 1):
        planned(api(cast.ada), group)
        problem(plan(api(cast.ada), group), 413, "too_large")
    assert MOST == 100


def test_who_dies_after_the_log_has_it_sends_nothing_twice(cast: Cast, group: Conversation, later: Pass) -> None:
    scheduling.schedule(cast.ada.chat_id, group.id, uuid4(), "once", now() + SOON)
    later(SOON)
    with patch.object(stored, "finish", side_effect=SystemExit), pytest.raises(SystemExit):
        scheduling.send_due()
    assert contents(group) == ["once"] and waiting(cast.ada) == ["sending"]
    assert scheduling.send_due() == 0  # the other one may still be at it
    abandon()
    members.leave(cast.ada.chat_id, group.id)  # not even what has happened since makes it a failure
    assert scheduling.send_due() == 1
    assert contents(group) == ["once"] and waiting(cast.ada) == []


def test_who_dies_before_the_log_has_it_loses_nothing(cast: Cast, group: Conversation, later: Pass) -> None:
    for content in ("one", "two"):
        scheduling.schedule(cast.ada.chat_id, group.id, uuid4(), content, now() + SOON)
    later(SOON)
    with patch.object(messages, "send", side_effect=SystemExit), pytest.raises(SystemExit):
        scheduling.send_due()
    abandon()
    assert scheduling.send_due() == 2
    assert contents(group) == ["one", "two"]


def test_a_database_that_is_away_makes_it_wait(cast: Cast, group: Conversation, later: Pass) -> None:
    scheduling.schedule(cast.ada.chat_id, group.id, uuid4(), "patience", now() + SOON)
    later(SOON)
    with patch.object(messages, "send", side_effect=Unavailable("away")):
        assert scheduling.send_due() == 0
    assert waiting(cast.ada) == ["sending"]
    abandon()
    assert scheduling.send_due() == 1 and contents(group) == ["patience"]


def abandon() -> None:
    """Whoever was sending has not been heard of for a while."""
    long_ago = {"$set": {"tried_at": now() - timedelta(minutes=2)}}
    mongo.database()["scheduled_messages"].update_many({"state": "sending"}, long_ago)


def test_while_it_is_being_sent_nothing_is_changed(cast: Cast, group: Conversation) -> None:
    made = scheduling.schedule(cast.ada.chat_id, group.id, uuid4(), "under way", now() + SOON)
    assert stored.claim(cast.ada.chat_id, made.id)
    for verb in (scheduling.cancel, scheduling.send_now, lambda *who: scheduling.change(*who, "else")):
        with pytest.raises(Conflict):
            verb(cast.ada.chat_id, made.id)


def left(cast: Cast, talk: Conversation) -> None:
    members.leave(cast.ada.chat_id, talk.id)


def blocked(cast: Cast, talk: Conversation) -> None:
    relationships.block(cast.ada.chat_id, cast.ben.chat_id)


def closed(cast: Cast, talk: Conversation) -> None:
    departures.close(cast.ada.chat_id)


@pytest.mark.parametrize("happens", [left, blocked, closed])
def test_rights_are_those_of_the_moment(
    cast: Cast,
    group: Conversation,
    later: Pass,
    happens: Callable[[Cast, Conversation], None],
    django_capture_on_commit_callbacks: Any,
) -> None:
    talk, told = group if happens is left else acquaint(cast.ada, cast.ben), []
    scheduling.schedule(cast.ada.chat_id, talk.id, uuid4(), "too late", now() + SOON)
    with django_capture_on_commit_callbacks(execute=True):
        happens(cast, talk)
    later(SOON)
    scheduled_failed.connect(hear := lambda scheduled, **_: told.append(scheduled.content))
    assert scheduling.send_due() == 0
    scheduled_failed.disconnect(hear)
    (failed,) = scheduling.mine(cast.ada.chat_id)
    assert (failed.state, failed.content, told) == ("failed", "too late", ["too late"])
    assert failed.problem
    assert contents(talk) == [] and scheduling.send_due() == 0


def test_one_that_failed_can_be_tried_again(cast: Cast, api: Apis, group: Conversation, later: Pass) -> None:
    made = planned(api(cast.ben), group)
    members.remove(cast.ada.chat_id, group.id, cast.ben.chat_id)
    later(SOON)
    scheduling.send_due()
    members.add(cast.ada.chat_id, group.id, [cast.ben.chat_id])
    again = scheduling.change(cast.ben.chat_id, made["id"], due_at=now() + 3 * SOON)
    assert (again.state, again.problem) == ("waiting", None)
    later(3 * SOON)
    assert scheduling.send_due() == 1 and contents(group) == ["later"]


def test_its_files_wait_with_it_and_go_with_it(
    cast: Cast,
    api: Apis,
    group: Conversation,
    later: Pass,
    media: Any,  # noqa: F811
) -> None:
    kept, dropped = (upload(api(cast.ada), group, name=name) for name in ("one.txt", "two.txt"))
    made = planned(api(cast.ada), group, "", attachments=[kept["id"]])
    assert [one["name"] for one in made["attachments"]] == ["one.txt"]
    gone = planned(api(cast.ada), group, "", attachments=[dropped["id"]])
    mongo.database()["uploads"].update_many({}, {"$set": {"moved_at": now() - timedelta(days=30)}})
    attachments.sweep()
    api(cast.ada)("DELETE", f"scheduled-messages/{gone['id']}/")
    assert [one.name for one in uploads.by_ids([attachment_id(kept), attachment_id(dropped)]).values()] == ["one.txt"]
    later(SOON)
    assert scheduling.send_due() == 1
    assert [one.name for one in log.last(group.id, 1)[0].attachments] == ["one.txt"]
    assert len(stored_files(media)) == 1


def attachment_id(file: dict[str, Any]) -> Any:
    return attachments.object_id(file["id"])


def test_it_is_in_a_copy_of_ones_data_and_goes_with_the_account(cast: Cast, api: Apis, group: Conversation) -> None:
    planned(api(cast.ada), group, "not yet said")
    (part,) = [one for one in export.parts(cast.ada.chat_id) if one.name == "scheduled-messages.json"]
    assert b"not yet said" in b"".join(part.rows)
    scheduling.forget(cast.ada.chat_id)
    assert waiting(cast.ada) == []
