"""Conversations and members over HTTP (PROTOCOL.md, "HTTP")."""

from __future__ import annotations

import pytest

from messaging.documents import Conversation
from messaging.services import conversations
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem, say

pytestmark = pytest.mark.django_db

PLAN = {"type", "participants", "name", "created_by", "created_at", "updated_at"}
PLAN |= {"last_message_at", "last_message_preview", "is_active"}
OURS = {"id", "last_seq", "last_rev", "unread", "membership"}


def test_a_private_conversation_is_one_from_both_sides(cast: Cast, api: Apis) -> None:
    first = api(cast.ada).post("conversations/", {"type": "private", "participants": [str(cast.ben.pk)]})
    second = api(cast.ben).post("conversations/", {"type": "private", "participants": [str(cast.ada.pk)]})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json().keys() == PLAN | OURS
    assert first.json()["membership"].items() >= {"role": "member", "delivered_seq": 0, "read_seq": 0}.items()


def test_naming_oneself_among_the_participants_changes_nothing(cast: Cast, api: Apis) -> None:
    both = [str(cast.ada.pk), str(cast.ben.pk)]
    made = api(cast.ada).post("conversations/", {"type": "private", "participants": both})
    assert made.status_code == 201
    assert sorted(made.json()["participants"]) == sorted(both)


def test_a_group(cast: Cast, api: Apis) -> None:
    people = [str(cast.ben.pk), str(cast.cleo.pk)]
    made = api(cast.ada).post("conversations/", {"type": "group", "participants": people, "name": "Kites"})
    assert made.status_code == 201
    assert made.json()["name"] == "Kites"
    assert made.json()["membership"]["role"] == "owner"
    assert set(made.json()["participants"]) == {*people, str(cast.ada.pk)}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "group", "participants": [], "name": "  "},
        {"type": "group", "participants": []},
        {"type": "group", "participants": [], "name": "x" * 101},
        {"type": "group", "participants": [], "name": "two\x00words"},
        {"type": "group", "participants": [], "name": ["Kites"]},
        {"type": "group", "participants": "ben", "name": "Kites"},
        {"type": "group", "participants": [7], "name": "Kites"},
        {"type": "group", "participants": [{"id": 1}], "name": "Kites"},
        {"type": "group", "participants": ["not an id"], "name": "Kites"},
        {"type": "group", "participants": [], "name": "Kites", "colour": "red"},
        {"type": "circle", "participants": [], "name": "Kites"},
        {"type": "private", "participants": []},
        {"participants": []},
        [],
        "group",
        7,
        None,
    ],
)
def test_what_is_no_conversation_is_refused(cast: Cast, api: Apis, body: object) -> None:
    problem(api(cast.ada).post("conversations/", body), 400, "invalid")
    assert api(cast.ada).get("conversations/").json()["results"] == []


def test_nobody_talks_to_people_who_do_not_exist_or_to_themselves(cast: Cast, api: Apis) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    problem(api(cast.ada).post("conversations/", {"type": "private", "participants": [nobody]}), 404, "not_found")
    own = {"type": "private", "participants": [str(cast.ada.pk)]}
    assert problem(api(cast.ada).post("conversations/", own), 400, "invalid")["fields"]["participants"]


def test_the_list_is_newest_first_and_paged(cast: Cast, api: Apis) -> None:
    groups = [
        conversations.create_group(cast.ada.chat_id, f"group {number}", [cast.ben.chat_id]) for number in range(5)
    ]
    silent, _ = conversations.start_private(cast.ada.chat_id, cast.ben.chat_id)
    address, names = "conversations/?limit=2", []
    while address:
        page = api(cast.ada).get(address.removeprefix("http://testserver/api/v1/")).json()
        assert len(page["results"]) <= 2
        names += [one["name"] for one in page["results"]]
        address = page["next"]
    assert names == [one.name for one in reversed(groups)] + [silent.name]
    assert len(api(cast.ben).get("conversations/").json()["results"]) == 5  # ben sees nothing of what was not written


def test_unread_counts_what_others_wrote(cast: Cast, api: Apis, group: Conversation) -> None:
    say(cast.ben, group)
    last = say(cast.cleo, group)
    say(cast.ada, group)
    assert api(cast.ada).get(f"conversations/{group.id}/").json()["unread"] == 2
    api(cast.ada).post(f"conversations/{group.id}/receipts/", {"kind": "read", "seq": last.seq})
    assert api(cast.ada).get(f"conversations/{group.id}/").json()["unread"] == 0
    assert api(cast.ben).get(f"conversations/{group.id}/").json()["unread"] == 2


def test_owner_and_admins_rename(cast: Cast, api: Apis, group: Conversation) -> None:
    address = f"conversations/{group.id}/"
    assert api(cast.ada)("PATCH", address, {"name": " Big   kites "}).json()["name"] == "Big kites"
    problem(api(cast.ben)("PATCH", address, {"name": "Mine"}), 403, "forbidden")
    problem(api(cast.ada)("PATCH", address, {"title": "Mine"}), 400, "invalid")
    assert api(cast.ben).get(address).json()["name"] == "Big kites"


def test_members_come_and_go(cast: Cast, api: Apis, group: Conversation) -> None:
    address = f"conversations/{group.id}/members/"
    added = api(cast.ada).post(address, {"user_ids": [str(cast.dora.pk)]})
    assert added.status_code == 201
    assert [one["username"] for one in added.json()["results"]] == ["ada", "ben", "cleo", "dora"]
    problem(api(cast.ben)("DELETE", f"{address}{cast.dora.pk}/"), 403, "forbidden")
    assert api(cast.ada)("DELETE", f"{address}{cast.dora.pk}/").status_code == 204
    assert api(cast.ben)("DELETE", f"{address}{cast.ben.pk}/").status_code == 204
    assert [one["username"] for one in api(cast.ada).get(address).json()["results"]] == ["ada", "cleo"]
    problem(api(cast.ben).get(address), 404, "not_found")


def test_roles(cast: Cast, api: Apis, group: Conversation) -> None:
    address = f"conversations/{group.id}/members/"
    problem(api(cast.ben)("PATCH", f"{address}{cast.cleo.pk}/", {"role": "admin"}), 403, "forbidden")
    problem(api(cast.ada)("PATCH", f"{address}{cast.ben.pk}/", {"role": "king"}), 400, "invalid")
    problem(api(cast.ada)("PATCH", f"{address}{cast.eve.pk}/", {"role": "admin"}), 404, "not_found")
    given = api(cast.ada)("PATCH", f"{address}{cast.ben.pk}/", {"role": "owner"})
    assert {one["username"]: one["role"] for one in given.json()["results"]} == {
        "ada": "admin",
        "ben": "owner",
        "cleo": "member",
    }


def test_adding_people_is_strict(cast: Cast, api: Apis, group: Conversation) -> None:
    address = f"conversations/{group.id}/members/"
    for body in (
        {},
        {"user_ids": []},
        {"user_ids": "x"},
        {"user_ids": [None]},
        {"user_ids": [str(cast.eve.pk)], "a": 1},
    ):
        problem(api(cast.ada).post(address, body), 400, "invalid")
    nobody = "00000000-0000-4000-8000-000000000000"
    problem(api(cast.ada).post(address, {"user_ids": [str(cast.eve.pk), nobody]}), 404, "not_found")
    assert len(api(cast.ada).get(address).json()["results"]) == 3
