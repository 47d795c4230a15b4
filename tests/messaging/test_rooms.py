"""Public rooms, links into groups, and what a group says of itself: who may, and in which words it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import relationships, settings
from chatsite import mongo
from chatsite.clock import now
from chatsite.errors import ChatError
from messaging.documents import Conversation
from messaging.repositories import changes
from messaging.repositories import conversations as stored
from messaging.services import conversations, groups, invites, members, rooms
from tests.cast import Cast
from tests.messaging.conftest import Api, Apis, problem, say
from tests.messaging.views.conftest import Enter, enter  # noqa: F401
from tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(cast: Cast) -> Conversation:
    """ada's public room with ben in it."""
    return conversations.create_group(cast.ada.chat_id, "Sky watch", [cast.ben.chat_id], public=True)


def names(api: Api, **query: object) -> list[str]:
    return [one["name"] for one in api.get("rooms/", **query).json()["results"]]


def there(where: Conversation) -> set[str]:
    found = stored.by_id(where.id)
    assert found is not None
    seats = {one.user_id for one in stored.seats(where.id)}
    assert seats == set(found.participants)
    return seats


def test_anyone_finds_a_public_room_and_nobody_a_private_group(
    cast: Cast,
    room: Conversation,
    group: Conversation,
    api: Apis,
    enter: Enter,  # noqa: F811
) -> None:
    groups.describe(cast.ada.chat_id, room.id, "Clouds (and kites)")
    eve = api(cast.eve)
    assert names(eve) == ["Sky watch"]
    assert names(eve, search="SKY") == names(eve, search="(and") == ["Sky watch"]
    assert names(eve, search=".*") == names(eve, search="Kites!") == []
    html = enter(cast.eve).get("/rooms/").content.decode()
    assert "Sky watch" in html and "Clouds (and kites)" in html and "2 members" in html and "Join" in html
    assert str(group.id) not in html
    groups.publish(cast.ada.chat_id, room.id, False)
    assert names(eve) == []


def test_a_room_is_opened_with_nobody_else_in_it(cast: Cast, api: Apis, enter: Enter) -> None:  # noqa: F811
    browser = enter(cast.ada)
    assert re.search(r'name="public"[^>]* checked', browser.get("/c/new/", {"public": "on"}).content.decode())
    assert browser.post("/c/new/", {"public": "on", "name": "Tea"}).status_code == 302
    assert browser.post("/c/new/", {"public": "on"}).status_code == browser.post("/c/new/").status_code == 400
    assert names(api(cast.eve)) == ["Tea"]


def test_rooms_come_by_cursor(cast: Cast, api: Apis) -> None:
    made = [conversations.create_group(cast.ada.chat_id, f"Room {number}", [], public=True) for number in range(3)]
    say(cast.ada, made[1])
    eve = api(cast.eve)
    first = eve.get("rooms/", limit=2).json()
    second = eve.get("rooms/" + first["next"].partition("rooms/")[2]).json()
    listed = [one["id"] for one in first["results"] + second["results"]]
    assert sorted(listed) == sorted(str(one.id) for one in made) and second["next"] is None


def test_who_joins_sits_there_reads_what_was_said_and_all_are_told(
    cast: Cast,
    room: Conversation,
    api: Apis,
    enter: Enter,  # noqa: F811
) -> None:
    say(cast.ben, room, "before her time")
    eve = api(cast.eve)
    problem(eve.get(f"conversations/{room.id}/messages/"), 404, "not_found")
    joined = eve.post(f"rooms/{room.id}/join/", None).json()
    assert joined["membership"]["role"] == "member" and joined["unread"] == 0
    assert "before her time" in str(eve.get(f"conversations/{room.id}/messages/").json())
    assert cast.eve.chat_id in there(room)
    assert "Eve Stranger</bdi> joined" in enter(cast.ben).get(f"/c/{room.id}/").content.decode()
    rev = changes.after(room.id, 0, 50)[-1].rev
    assert eve.post(f"rooms/{room.id}/join/", None).status_code == 200  # again: nothing
    assert changes.after(room.id, rev, 50) == []


def test_who_was_removed_does_not_come_back_until_somebody_takes_them_in(
    cast: Cast,
    room: Conversation,
    api: Apis,
    enter: Enter,  # noqa: F811
) -> None:
    members.remove(cast.ada.chat_id, room.id, cast.ben.chat_id)
    _made, secret = invites.make(cast.ada.chat_id, room.id)
    ben = api(cast.ben)
    problem(ben.post(f"rooms/{room.id}/join/", None), 403, "forbidden")
    problem(ben.post("invites/", {"secret": secret}), 403, "forbidden")
    assert "You were removed" in enter(cast.ben).post(f"/rooms/{room.id}/join/").content.decode()
    assert "You were removed" in enter(cast.ben).get(f"/g/{secret}/").content.decode()
    assert cast.ben.chat_id not in there(room)
    members.add(cast.ada.chat_id, room.id, [cast.ben.chat_id])
    members.leave(cast.ben.chat_id, room.id)
    assert ben.post(f"rooms/{room.id}/join/", None).status_code == 200  # who leaves may come back


def test_a_public_room_is_no_way_around_who_may_write_first(cast: Cast, room: Conversation, api: Apis) -> None:
    settings.update(cast.ben.chat_id, {"may_message": "known"})
    rooms.join(cast.eve.chat_id, room.id)
    wish = {"type": "private", "participants": [cast.ben.chat_id]}
    problem(api(cast.eve).post("conversations/", wish), 403, "forbidden")
    groups.publish(cast.ada.chat_id, room.id, False)
    assert api(cast.eve).post("conversations/", wish).status_code == 201  # now it is a group like any


def test_a_full_room_says_so(cast: Cast, room: Conversation, api: Apis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MEMBERS_MAX", 2)
    assert "full" in problem(api(cast.eve).post(f"rooms/{room.id}/join/", None), 403, "forbidden")["detail"]
    assert len(there(room)) == 2


def test_a_room_that_is_closed_in_the_same_moment_lets_nobody_in(
    cast: Cast, room: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = rooms.new_seat

    def closed_meanwhile(*args: Any) -> Any:
        groups.publish(cast.ada.chat_id, room.id, False)
        return known(*args)

    monkeypatch.setattr(rooms, "new_seat", closed_meanwhile)
    with pytest.raises(ChatError):
        rooms.join(cast.eve.chat_id, room.id)
    assert cast.eve.chat_id not in there(room)


Deed = Callable[[Api, Conversation], Any]
RUNS: list[tuple[str, Deed]] = [
    ("describe", lambda api, here: api("PATCH", f"conversations/{here.id}/", {"description": "about kites"})),
    ("publish", lambda api, here: api("PATCH", f"conversations/{here.id}/", {"public": True})),
    ("picture", lambda api, here: api("PUT", f"conversations/{here.id}/picture/", picture())),
    ("unpicture", lambda api, here: api("DELETE", f"conversations/{here.id}/picture/")),
    ("invites", lambda api, here: api.get(f"conversations/{here.id}/invites/")),
    ("invite", lambda api, here: api.post(f"conversations/{here.id}/invites/", {"seconds": 3600, "uses": 2})),
]


@pytest.mark.parametrize("deed", [deed for _, deed in RUNS], ids=[name for name, _ in RUNS])
def test_owner_and_admins_run_a_group_and_nobody_else(cast: Cast, group: Conversation, api: Apis, deed: Deed) -> None:
    members.set_role(cast.ada.chat_id, group.id, cast.cleo.chat_id, "admin")
    assert [deed(api(one), group).status_code for one in (cast.eve, cast.ben)] == [404, 403]
    assert all(deed(api(one), group).status_code in (200, 201) for one in (cast.cleo, cast.ada))


def test_a_group_says_what_it_is_about(cast: Cast, group: Conversation, enter: Enter) -> None:  # noqa: F811
    browser, where = enter(cast.ada), reverse("conversation-rename", args=[str(group.id)])
    text = "Every Sunday.\n<b>Bring string</b>"
    assert browser.post(where, {"name": "Kites", "description": text}).status_code == 302
    for page in (f"/c/{group.id}/details/", f"/c/{group.id}/details/manage/"):
        assert "&lt;b&gt;Bring string" in browser.get(page).content.decode()
    long = browser.post(where, {"name": "Kites", "description": "x" * 501})
    assert long.status_code == 400 and "x" * 501 in long.content.decode()
    assert browser.post(where, {"name": "Kites", "description": ""}).status_code == 302
    found = stored.by_id(group.id)
    assert found is not None and found.description is None
    assert [one.kind for one in changes.after(group.id, 1, 50)] == ["described", "described"]


def test_a_picture_is_for_members_and_of_a_public_room_for_all(cast: Cast, group: Conversation, api: Apis) -> None:
    shown = api(cast.ada)("PUT", f"conversations/{group.id}/picture/", picture()).json()["avatar_url"]

    def got(user: Any, address: str = shown) -> int:
        browser = Client()
        browser.force_login(user)
        answer = browser.get(address)
        assert answer.status_code == 404 or answer["Content-Type"] == "image/webp"
        return answer.status_code

    assert (got(cast.ben), got(cast.eve), Client().get(shown).status_code) == (200, 404, 404)
    assert [got(cast.ben, shown.replace("128", size)) for size in ("48", "512", "64")] == [200, 200, 404]
    groups.publish(cast.ada.chat_id, group.id, True)
    assert got(cast.eve) == 200
    api(cast.ada)("DELETE", f"conversations/{group.id}/picture/")
    assert got(cast.ben) == 404
    problem(api(cast.ada)("PUT", f"conversations/{group.id}/picture/", b"<svg/>"), 415, "invalid")


def test_a_link_lets_in_whom_it_is_for(cast: Cast, group: Conversation, api: Apis, enter: Enter) -> None:  # noqa: F811
    made = api(cast.ada).post(f"conversations/{group.id}/invites/", {"seconds": 3600, "uses": 1}).json()
    assert made["secret"] in made["url"]
    assert made["secret"] not in str(list(mongo.database()["invites"].find()))
    page = f"/g/{made['secret']}/"
    assert Client().get(page)["Location"].endswith(f"?next={page}")
    browser = enter(cast.eve)
    html = browser.get(page).content.decode()
    assert "Join Kites" in html and "3 members" in html
    assert cast.eve.chat_id not in there(group)
    assert browser.post(page)["Location"] == f"/c/{group.id}/"
    assert cast.eve.chat_id in there(group)
    assert browser.get(page)["Location"] == f"/c/{group.id}/"  # who is in it goes there
    late = enter(cast.dora).get(page)
    assert late.status_code == 410 and "used up" in late.content.decode() and "Kites" not in late.content.decode()
    problem(api(cast.dora).post("invites/", {"secret": made["secret"]}), 403, "forbidden")
    assert len(there(group)) == 4


def expired(cast: Cast, here: Conversation, invite: str) -> None:
    mongo.database()["invites"].update_many({}, {"$set": {"expires_at": now() - timedelta(seconds=1)}})


ENDS: dict[str, tuple[str, Callable[[Cast, Conversation, str], object]]] = {
    "expired": ("has expired", expired),
    "withdrawn": ("does not work any more", lambda cast, here, one: invites.revoke(cast.ada.chat_id, here.id, one)),
    "maker blocks": (
        "does not work any more",
        lambda cast, here, one: relationships.block(cast.ada.chat_id, cast.eve.chat_id),
    ),
    "joiner blocks": (
        "You have blocked",
        lambda cast, here, one: relationships.block(cast.eve.chat_id, cast.ada.chat_id),
    ),
    "maker is no admin now": (
        "does not work any more",
        lambda cast, here, one: [
            members.set_role(cast.ada.chat_id, here.id, cast.ben.chat_id, "owner"),
            members.set_role(cast.ben.chat_id, here.id, cast.ada.chat_id, "member"),
        ],
    ),
    "group is closed": (
        "does not work any more",
        lambda cast, here, one: [members.leave(who.chat_id, here.id) for who in (cast.ada, cast.ben, cast.cleo)],
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_does_not_let_one_in_says_why(
    cast: Cast,
    group: Conversation,
    api: Apis,
    enter: Enter,  # noqa: F811
    end: str,
) -> None:
    made, secret = invites.make(cast.ada.chat_id, group.id, 3600)
    words, happens = ENDS[end]
    happens(cast, group, str(made.id))
    html = enter(cast.eve).get(f"/g/{secret}/").content.decode()
    assert words in html and "Kites" not in html
    assert words in problem(api(cast.eve).post("invites/", {"secret": secret}), 403, "forbidden")["detail"]
    assert cast.eve.chat_id not in there(group)


def test_a_link_for_one_lets_in_one_of_two_who_come_at_once(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made, secret = invites.make(cast.ada.chat_id, group.id, uses=1)
    known = rooms.new_seat

    def other_first(conversation: Conversation, who: Any) -> Any:
        monkeypatch.setattr(rooms, "new_seat", known)
        invites.join(cast.dora.chat_id, secret)
        return known(conversation, who)

    monkeypatch.setattr(rooms, "new_seat", other_first)
    with pytest.raises(ChatError):
        invites.join(cast.eve.chat_id, secret)
    assert cast.dora.chat_id in there(group) and cast.eve.chat_id not in there(group)


def test_links_are_made_listed_and_withdrawn_with_forms(cast: Cast, group: Conversation, enter: Enter) -> None:  # noqa: F811
    browser, manage = enter(cast.ada), f"/c/{group.id}/details/manage/"
    html = browser.post(f"/c/{group.id}/details/invite/", {"seconds": "86400", "uses": "3"}).content.decode()
    (link,) = re.findall(r"<code[^>]*>(http[^<]+/g/[^<]+)</code>", html)
    secret = link.rstrip("/").rsplit("/", 1)[1]
    listed = browser.get(manage).content.decode()
    assert "0 of 3 joined" in listed and secret not in listed
    (invite,) = re.findall(r'name="invite" value="([0-9a-f]{24})"', listed)
    assert browser.post(f"/c/{group.id}/details/revoke/", {"invite": invite}).status_code == 302
    assert "0 of 3 joined" not in browser.get(manage).content.decode()
    assert browser.post(f"/c/{group.id}/details/invite/", {"seconds": "5", "uses": "0"}).status_code == 400
    assert enter(cast.ben).get(manage).status_code == 403
