"""Pages, API, sockets and search ask the one policy: what each shows is what its rule says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.test import Client as Browser

from accounts import policy
from accounts.models import Profile, User
from accounts.policy import Answer, Facts
from accounts.services import facts, people, profiles, relationships, settings
from chatsite.memory import Memory
from chatsite.realtime import presence
from chatsite.types import UserId
from messaging.documents import Conversation
from messaging.services import attendance, conversations, discretion, receipts, typing
from messaging.services.company import company
from tests.cast import Cast, acquaint
from tests.messaging.conftest import Api, Apis, say
from tests.messaging.views.conftest import settle

pytestmark = pytest.mark.django_db
FACE = "/avatars/ben/128.webp"
FOLD = '<details class="fold">'
BIO = "Flies kites on Sundays"


@dataclass(frozen=True)
class Viewer:
    """ada looks at ben, with whom she talks in private and in a group with cleo."""

    me: User
    other: User
    browser: Browser
    api: Api
    private: Conversation
    group: Conversation

    def page(self, address: str) -> str:
        answer = self.browser.get(address)
        return answer.content.decode() if answer.status_code == 200 else ""

    def listed(self, path: str, **query: object) -> list[Any]:
        return self.api.get(path, **query).json()["results"]

    @property
    def ben(self) -> str:
        return self.other.chat_id


@pytest.fixture
def viewer(cast: Cast, api: Apis) -> Iterator[Viewer]:
    Profile.objects.filter(user=cast.ben).update(avatar_url=FACE)
    profiles.update(cast.ben.chat_id, bio=BIO)
    people.forget(cast.ben.chat_id)
    group = conversations.create_group(cast.ada.chat_id, "Kites", [cast.ben.chat_id, cast.cleo.chat_id])
    private = acquaint(cast.ada, cast.ben)
    for here in (group, private):
        settle(say(cast.ben, here, "a word of ben's"))
    browser = Browser()
    browser.force_login(cast.ada)
    presence.presence.arrive(cast.ben.chat_id)
    yield Viewer(cast.ada, cast.ben, browser, api(cast.ada), private, group)
    presence.presence.depart(cast.ben.chat_id)


def online(html: str, who: str) -> bool:
    return f'data-user-id="{who}" data-state="online"' in html


def met(viewer: Viewer) -> bool:
    seated = {me: list(theirs.values()) for me, theirs in attendance.places([viewer.me.chat_id]).items()}
    return viewer.ben in company(seated)[viewer.me.chat_id]


def member(viewer: Viewer) -> Any:
    members = viewer.listed(f"conversations/{viewer.group.id}/members/")
    return next(one for one in members if one["user_id"] == viewer.ben)


Way = Callable[[Viewer], bool]
# Those that change something come last: all are gone one after the other.
WAYS: dict[str, list[tuple[str, Way]]] = {
    "open_profile": [
        ("page", lambda v: BIO in v.page("/people/ben/")),
        ("API", lambda v: v.api.get(f"users/{v.ben}/").json()["bio"] == BIO),
    ],
    "find": [
        ("page", lambda v: "@ben" in v.page("/people/?q=be")),
        ("API", lambda v: [one["username"] for one in v.listed("users/", search="be")] == ["ben"]),
        ("choice for a conversation", lambda v: "@ben" in v.page("/c/new/?q=be")),
        ("choice for a group", lambda v: f'value="{v.ben}"' in v.page("/c/new/")),
    ],
    "see_picture": [
        ("page of the person", lambda v: FACE in v.page("/people/ben/")),
        ("API", lambda v: v.api.get(f"users/{v.ben}/").json()["avatar_url"] == FACE),
        ("page of the group", lambda v: FACE in v.page(f"/c/{v.group.id}/")),
        ("list of its members", lambda v: FACE in v.page(f"/c/{v.group.id}/details/")),
        ("pages of messages", lambda v: FACE in v.page(f"/c/{v.group.id}/messages/?before=99")),
        ("API of its members", lambda v: member(v)["avatar_url"] == FACE),
    ],
    "see_presence": [
        ("list of members", lambda v: online(v.page(f"/c/{v.group.id}/details/"), v.ben)),
        ("sockets", met),
    ],
    "see_unfolded": [
        (
            "page",
            lambda v: 'class="fold"' not in v.page(f"/c/{v.group.id}/").split('id="message-1"')[1].split("</li>")[0],
        ),
        ("list of conversations", lambda v: "Blocked message" not in v.page("/sidebar/")),
    ],
    "read_private": [
        ("page", lambda v: "a word of ben" in v.page(f"/c/{v.private.id}/")),
        ("API", lambda v: v.api.get(f"conversations/{v.private.id}/messages/").status_code == 200),
        ("list of the API", lambda v: str(v.private.id) in [one["id"] for one in v.listed("conversations/")]),
        ("list of the page", lambda v: str(v.private.id) in v.page("/sidebar/")),
        ("sockets", lambda v: str(v.private.id) in attendance.places([v.me.chat_id])[v.me.chat_id]),
    ],
    "see_typing": [
        ("sockets", lambda v: _hears_typing(v)),
    ],
    "see_receipts": [
        ("API", lambda v: v.ben in _readers(v)),
        ("page", lambda v: 'data-state="read"' in _own(v)),
    ],
    "add_to_group": [
        ("API", lambda v: _adds(v)),
    ],
    "message": [
        ("page", lambda v: v.browser.post("/c/new/", {"who": v.ben}).status_code == 302),
        ("API", lambda v: _starts(v)),
    ],
    "befriend": [
        ("API", lambda v: v.api.post("relationships/", {"user_id": v.ben, "type": "friend"}).status_code == 201),
    ],
}


def _adds(viewer: Viewer) -> bool:
    wish = {"type": "group", "name": "Balloons", "participants": [viewer.ben]}
    return bool(viewer.api.post("conversations/", wish).status_code == 201)


def _hears_typing(viewer: Viewer) -> bool:
    me, reach = viewer.me.chat_id, typing.reach(viewer.other.chat_id)
    return reach.shown and me not in reach.unseen and discretion.told([me])[me].typing


def _readers(viewer: Viewer) -> set[str]:
    """Who is shown to have read what ada says now, and ben then reads."""
    said = say(viewer.me, viewer.group, "a word of ada's")
    receipts.mark(viewer.other.chat_id, viewer.group.id, "read", said.seq)
    shown = viewer.api.get(f"conversations/{viewer.group.id}/receipts/", seq=said.seq).json()
    return {one["user_id"] for one in shown["read_by"]}


def _own(viewer: Viewer) -> str:
    """ada's last message as the page draws it, when cleo has read it as well."""
    _readers(viewer)
    cleo = next(one for one in viewer.group.participants if one not in (viewer.me.chat_id, viewer.ben))
    receipts.mark(UserId(cleo), viewer.group.id, "read", 99)
    return viewer.page(f"/c/{viewer.group.id}/messages/?before=99").split('<li class="message')[-1]


def _starts(viewer: Viewer) -> bool:
    wish = {"type": "private", "participants": [viewer.ben]}
    return bool(viewer.api.post("conversations/", wish).status_code == 200)


def between(viewer: Viewer) -> Facts:
    return facts.between(viewer.me.chat_id, viewer.ben).sharing("acquainted")


def shown(viewer: Viewer, *rules: str) -> dict[str, bool]:
    """By rule and way, whether it shows something."""
    return {f"{rule}: {name}": way(viewer) for rule in rules for name, way in WAYS[rule]}


def ruled(viewer: Viewer, *rules: str) -> dict[str, bool]:
    """What the rules say of the same."""
    answers: dict[str, Answer] = {rule: getattr(policy, rule)(between(viewer)) for rule in rules}
    return {f"{rule}: {name}": answers[rule] != policy.NO for rule in rules for name, _way in WAYS[rule]}


@pytest.mark.parametrize("blocks", [(), ("mine",), ("theirs",), ("mine", "theirs")], ids="+".join)
def test_each_way_shows_what_its_rule_says(viewer: Viewer, blocks: tuple[str, ...]) -> None:
    if "mine" in blocks:
        relationships.block(viewer.me.chat_id, viewer.ben)
    if "theirs" in blocks:
        relationships.block(viewer.ben, viewer.me.chat_id)
    wanted = ruled(viewer, *WAYS)
    assert shown(viewer, *WAYS) == wanted


@pytest.mark.parametrize("friends", [False, True])
def test_presence_follows_both_settings(viewer: Viewer, friends: bool) -> None:
    if friends:
        relationships.request(viewer.me.chat_id, viewer.ben)
        relationships.accept(viewer.ben, viewer.me.chat_id)
    for mine, theirs in product(("everyone", "friends", "nobody"), repeat=2):
        settings.update(viewer.me.chat_id, {"last_seen": mine})
        settings.update(viewer.ben, {"last_seen": theirs})
        forget()
        yes = policy.see_presence(between(viewer)) == policy.YES
        assert set(shown(viewer, "see_presence").values()) == {yes}, (mine, theirs)


def forget() -> None:
    """Settings are remembered until a transaction ends, and that of a test does not."""
    for one in Memory.made:
        one.clear()


def test_typing_and_receipts_follow_both_settings(viewer: Viewer) -> None:
    for mine, theirs in product((True, False), repeat=2):
        for me, own in ((viewer.me.chat_id, mine), (viewer.ben, theirs)):
            settings.update(me, {"typing": own, "receipts": own})
        for rule in ("see_typing", "see_receipts"):
            yes = getattr(policy, rule)(between(viewer)) == policy.YES
            forget()
            assert set(shown(viewer, rule).values()) == {yes}, (rule, mine, theirs)


def test_last_seen_is_shown_to_whom_presence_is(viewer: Viewer) -> None:
    presence.presence.depart(viewer.ben)

    def shown() -> bool:
        return 'data-last-seen=""' not in viewer.page(f"/c/{viewer.private.id}/")

    assert shown()
    relationships.block(viewer.ben, viewer.me.chat_id)
    assert not shown()
    relationships.unblock(viewer.ben, viewer.me.chat_id)
    settings.update(viewer.ben, {"last_seen": "nobody"})
    assert not shown()
    presence.presence.arrive(viewer.ben)


def test_the_words_of_the_blocked_are_folded_where_others_quote_them(viewer: Viewer, api: Apis, cast: Cast) -> None:
    first = viewer.listed(f"conversations/{viewer.group.id}/messages/")[0]
    body = {"client_id": "1" * 32, "content": "so he says", "reply_to": first["id"]}
    assert api(cast.cleo).post(f"conversations/{viewer.group.id}/messages/", body).status_code == 201
    quote = '<span class="quote-text" dir="auto">'
    assert f"{quote}a word of ben" in viewer.page(f"/c/{viewer.group.id}/")
    relationships.block(viewer.me.chat_id, viewer.ben)
    assert f"{quote}Blocked message" in viewer.page(f"/c/{viewer.group.id}/")


def test_only_the_blocker_meets_folded_messages(viewer: Viewer, cast: Cast) -> None:
    relationships.block(viewer.me.chat_id, viewer.ben)
    for one, folded in ((cast.ada, True), (cast.ben, False), (cast.cleo, False)):
        browser = Browser()
        browser.force_login(one)
        page = browser.get(f"/c/{viewer.group.id}/messages/?before=99").content.decode()
        assert (FOLD in page) == folded
        assert "a word of ben" in page


def test_the_list_costs_as_many_queries_for_many_as_for_few(
    viewer: Viewer, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        someone = User.objects.create_user(f"m{number}", f"m{number}@example.org")
        say(someone, acquaint(someone, cast.ada))
    viewer.page("/")
    with django_assert_max_num_queries(6):
        viewer.page("/")
