"""Message requests: a stranger's first message waits for a yes, and until then they learn nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client as Browser

from accounts.models import User
from accounts.services import relationships, settings
from chatsite.errors import Forbidden, NotFound
from messaging import access
from messaging.documents import Conversation
from messaging.repositories import conversations as stored
from messaging.services import attendance, conversations, inbox, messages, receipts, requests
from messaging.services.company import company
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem, say
from tests.messaging.views.conftest import settle

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


@pytest.fixture
def asked(cast: Cast) -> Conversation:
    """eve has written to ada, whom she does not know."""
    talk, _created = conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
    settle(say(cast.eve, talk, "Do I know you?"))
    return talk


def shown(who: User) -> tuple[list[object], list[object]]:
    """The conversations in someone's list, and among their requests."""
    lists = inbox.lists(who.chat_id)
    return [row.conversation.id for row in lists.rows], [row.conversation.id for row in lists.requests]


def befriend(one: User, other: User) -> None:
    relationships.request(one.chat_id, other.chat_id)
    relationships.accept(other.chat_id, one.chat_id)


def ticks(who: User, here: Conversation) -> list[tuple[int, int]]:
    """How far the others have got, as this person is shown it."""
    page = messages.page(who.chat_id, here.id)
    return [(len(one.delivered_to), len(one.read_by)) for one in page.messages]


def test_what_a_stranger_writes_is_a_request_and_for_them_a_conversation(cast: Cast, asked: Conversation) -> None:
    assert shown(cast.ada) == ([], [asked.id])
    assert shown(cast.eve) == ([asked.id], [])


def test_a_conversation_in_which_nothing_was_said_is_no_request(cast: Cast) -> None:
    conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
    assert shown(cast.ada) == ([], [])


def test_friends_and_the_staff_write_without_asking(cast: Cast) -> None:
    befriend(cast.ben, cast.ada)
    for one in (cast.ben, cast.dora):
        talk, _created = conversations.start_private(one.chat_id, cast.ada.chat_id)
        say(one, talk)
    rows, waiting = shown(cast.ada)
    assert len(rows) == 2 and waiting == []


def test_nothing_of_reading_is_told_before_the_yes_and_all_of_it_after(cast: Cast, asked: Conversation) -> None:
    say(cast.eve, asked)
    receipts.mark(cast.ada.chat_id, asked.id, "delivered", 2)
    receipts.mark(cast.ada.chat_id, asked.id, "read", 1)
    assert ticks(cast.eve, asked) == [(0, 0), (0, 0)]
    assert receipts.of_message(cast.eve.chat_id, asked.id, 1) == ({}, {})
    assert inbox.lists(cast.ada.chat_id).requests[0].unread == 1  # one's own devices are in step
    requests.accept(cast.ada.chat_id, asked.id)
    assert ticks(cast.eve, asked) == [(1, 1), (1, 0)]
    receipts.mark(cast.ada.chat_id, asked.id, "read", 2)
    assert ticks(cast.eve, asked) == [(1, 1), (1, 1)]


def test_who_accepts_in_private_mode_goes_on_telling_nothing(cast: Cast, asked: Conversation, hide: Any) -> None:
    hide(cast.ada)
    receipts.mark(cast.ada.chat_id, asked.id, "read", 1)
    requests.accept(cast.ada.chat_id, asked.id)
    assert ticks(cast.eve, asked) == [(0, 0)]


def test_accepting_makes_it_a_conversation_like_any_other(cast: Cast, asked: Conversation) -> None:
    requests.accept(cast.ada.chat_id, asked.id)
    requests.accept(cast.ada.chat_id, asked.id)
    assert shown(cast.ada) == ([asked.id], [])
    assert inbox.lists(cast.ada.chat_id).rows[0].unread == 1


def test_answering_is_accepting(cast: Cast, asked: Conversation) -> None:
    say(cast.ada, asked, "No, I am sure we have not met.")
    assert shown(cast.ada) == ([asked.id], [])


def test_what_was_declined_is_gone_from_everywhere(cast: Cast, asked: Conversation, api: Apis) -> None:
    said = messages.page(cast.eve.chat_id, asked.id).messages[0]
    requests.decline(cast.ada.chat_id, asked.id)
    say(cast.eve, asked, "Hello?")
    me, ada = cast.ada.chat_id, api(cast.ada)
    assert shown(cast.ada) == ([], [])
    assert str(asked.id) not in attendance.places([me])[me]
    for path in (f"conversations/{asked.id}/", f"conversations/{asked.id}/messages/", f"messages/{said.id}/"):
        problem(ada.get(path), 404, "not_found")
    assert ada.get("conversations/").json()["results"] == ada.get("message-requests/").json()["results"] == []
    with pytest.raises(NotFound):
        receipts.mark(me, asked.id, "read", 1)
    with pytest.raises(NotFound):
        requests.decline(me, asked.id)


def test_who_opens_what_they_declined_has_it_back_as_a_request(cast: Cast, asked: Conversation) -> None:
    requests.decline(cast.ada.chat_id, asked.id)
    say(cast.eve, asked, "Hello?")
    again, created = conversations.start_private(cast.ada.chat_id, cast.eve.chat_id)
    assert (again.id, created) == (asked.id, False)
    assert shown(cast.ada) == ([], [asked.id])
    assert [one.content for one in messages.page(cast.ada.chat_id, asked.id).messages] == ["Do I know you?", "Hello?"]


@pytest.mark.parametrize("declined", [False, True])
def test_friendship_is_a_yes(
    cast: Cast, asked: Conversation, django_capture_on_commit_callbacks: Commits, declined: bool
) -> None:
    if declined:
        requests.decline(cast.ada.chat_id, asked.id)
    with django_capture_on_commit_callbacks(execute=True):
        befriend(cast.eve, cast.ada)
    assert shown(cast.ada) == ([asked.id], [])


# What the sender sees

TOKENS = re.compile(r'name="(?:csrfmiddlewaretoken|client_id)" value="[^"]+"|data-csrf="[^"]+"|nonce="[^"]+"')


def view_of(sender: User, here: Conversation, other: User, api: Apis) -> dict[str, Any]:
    """Everything that one is shown of a conversation and of who else is in it."""
    mine, browser = api(sender), Browser()
    browser.force_login(sender)
    paths = [
        "conversations/",
        f"conversations/{here.id}/",
        f"conversations/{here.id}/messages/",
        f"conversations/{here.id}/members/",
        f"conversations/{here.id}/changes/",
        f"users/{other.pk}/",
        "relationships/",
    ]
    seen: dict[str, Any] = {path: mine.get(path).json() for path in paths}
    seen["receipts"] = mine.get(f"conversations/{here.id}/receipts/", seq=1).json()
    for address in (f"/c/{here.id}/", f"/c/{here.id}/details/", "/sidebar/", f"/people/{other.username}/"):
        answer = browser.get(address)
        seen[address] = answer.status_code, TOKENS.sub("", answer.content.decode())
    return seen


@pytest.mark.parametrize("deed", ["decline", "block", "decline and block", "block and unblock"])
def test_a_no_leaves_no_trace_to_the_sender(cast: Cast, asked: Conversation, api: Apis, deed: str) -> None:
    me = cast.ada.chat_id
    before = view_of(cast.eve, asked, cast.ada, api)
    if "decline" in deed:
        requests.decline(me, asked.id)
    if "block" in deed:
        relationships.block(me, cast.eve.chat_id)
    if "unblock" in deed:
        relationships.unblock(me, cast.eve.chat_id)
    assert view_of(cast.eve, asked, cast.ada, api) == before
    sent = messages.send(cast.eve.chat_id, asked.id, uuid4(), "Hello?")
    assert (sent.created, sent.message.seq) == (True, 2)
    again, created = conversations.start_private(cast.eve.chat_id, me)
    assert (again.id, created) == (asked.id, False)
    assert ticks(cast.eve, asked) == [(0, 0), (0, 0)]


def test_both_see_each_other_come_and_go_only_after_the_yes(cast: Cast, asked: Conversation) -> None:
    both = [cast.ada.chat_id, cast.eve.chat_id]

    def met() -> list[set[str]]:
        seated = {me: list(theirs.values()) for me, theirs in attendance.places(both).items()}
        return [set(company(seated)[me]) for me in both]

    assert met() == [set(), set()]
    requests.accept(cast.ada.chat_id, asked.id)
    assert met() == [{cast.eve.chat_id}, {cast.ada.chat_id}]


# Who may write first


def test_who_takes_messages_of_friends_only_is_not_written_to_by_others(cast: Cast, group: Conversation) -> None:
    settings.update(cast.ada.chat_id, {"may_message": "friends"})
    for other in (cast.eve, cast.ben):
        with pytest.raises(Forbidden):
            conversations.start_private(other.chat_id, cast.ada.chat_id)
    assert stored.private_of(cast.eve.chat_id, cast.ada.chat_id) is None
    befriend(cast.ben, cast.ada)
    talk, _created = conversations.start_private(cast.ben.chat_id, cast.ada.chat_id)
    assert say(cast.ben, talk).seq == 1


def test_people_of_a_group_may_ask_where_strangers_may_not(cast: Cast, group: Conversation) -> None:
    settings.update(cast.ada.chat_id, {"may_message": "known"})
    with pytest.raises(Forbidden):
        conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
    talk, _created = conversations.start_private(cast.ben.chat_id, cast.ada.chat_id)
    say(cast.ben, talk)
    assert shown(cast.ada)[1] == [talk.id]


def test_a_setting_ends_requests_but_not_what_was_accepted(
    cast: Cast, asked: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access._contacts, "seconds", 0.0)
    settings.update(cast.ada.chat_id, {"may_message": "friends"})
    with pytest.raises(Forbidden):
        say(cast.eve, asked)
    settings.update(cast.ada.chat_id, {"may_message": "everyone"})
    say(cast.eve, asked)
    requests.accept(cast.ada.chat_id, asked.id)
    settings.update(cast.ada.chat_id, {"may_message": "friends"})
    assert say(cast.eve, asked).seq == 3


def test_a_refusal_by_setting_is_the_same_behind_a_block(cast: Cast) -> None:
    settings.update(cast.ada.chat_id, {"may_message": "friends"})

    def refusal() -> str:
        with pytest.raises(Forbidden) as caught:
            conversations.start_private(cast.eve.chat_id, cast.ada.chat_id)
        return caught.value.detail

    before = refusal()
    relationships.block(cast.ada.chat_id, cast.eve.chat_id)
    assert refusal() == before


ALLOWED = [("everyone", False), ("friends", True), ("friends", False), ("nobody", True)]


@pytest.mark.parametrize(("may", "friend"), ALLOWED)
def test_who_may_add_to_groups(cast: Cast, may: str, friend: bool, api: Apis) -> None:
    settings.update(cast.ada.chat_id, {"may_add_to_groups": may})
    if friend:
        befriend(cast.eve, cast.ada)
    allowed = may == "everyone" or (may == "friends" and friend)
    wish = {"type": "group", "name": "Kites", "participants": [str(cast.ada.pk), str(cast.ben.pk)]}
    answer = api(cast.eve).post("conversations/", wish)
    assert answer.status_code == (201 if allowed else 400)
    if not allowed:
        relationships.unfriend(cast.eve.chat_id, cast.ada.chat_id)
        relationships.block(cast.ada.chat_id, cast.eve.chat_id)
        assert api(cast.eve).post("conversations/", wish).json() == answer.json()


def test_who_may_not_be_added_is_refused_at_that_field(cast: Cast, group: Conversation, api: Apis) -> None:
    settings.update(cast.eve.chat_id, {"may_add_to_groups": "nobody"})
    answer = api(cast.ada).post(f"conversations/{group.id}/members/", {"user_ids": [str(cast.eve.pk)]})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["user_ids"])


def test_adding_many_people_asks_once_for_all(cast: Cast, group: Conversation, django_assert_num_queries: Any) -> None:
    more = [User.objects.create_user(f"m{number}", f"m{number}@example.org").chat_id for number in range(20)]
    with django_assert_num_queries(2):
        assert conversations.reachable(cast.ada.chat_id, more, "participants") == more


# The ways to it


def test_requests_over_the_api(cast: Cast, asked: Conversation, api: Apis) -> None:
    ada, eve = api(cast.ada), api(cast.eve)
    (one,) = ada.get("message-requests/").json()["results"]
    assert (one["id"], one["unread"], one["membership"]["request"]) == (str(asked.id), 1, "waiting")
    assert eve.get("message-requests/").json()["results"] == []
    for act in ("accept", "decline"):
        problem(api(cast.ben).post(f"message-requests/{asked.id}/{act}/", {}), 404, "not_found")
    assert "request" not in eve.get(f"conversations/{asked.id}/").json()["membership"]
    accepted = ada.post(f"message-requests/{asked.id}/accept/", {}).json()
    assert (accepted["id"], "request" in accepted["membership"]) == (str(asked.id), False)
    assert [row["id"] for row in ada.get("conversations/").json()["results"]] == [str(asked.id)]


def test_declining_over_the_api(cast: Cast, asked: Conversation, api: Apis) -> None:
    ada = api(cast.ada)
    assert ada.post(f"message-requests/{asked.id}/decline/", {}).status_code == 204
    problem(ada.post(f"message-requests/{asked.id}/decline/", {}), 404, "not_found")


def test_requests_are_listed_by_pages(cast: Cast, api: Apis) -> None:
    for one in (cast.ben, cast.cleo, cast.eve):
        talk, _created = conversations.start_private(one.chat_id, cast.ada.chat_id)
        settle(say(one, talk))
    first = api(cast.ada).get("message-requests/", limit=2).json()
    cursor = parse_qs(urlsplit(first["next"]).query)["cursor"][0]
    rest = api(cast.ada).get("message-requests/", limit=2, cursor=cursor).json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (2, 1, None)


@pytest.fixture
def ada(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.ada)
    return browser


def test_the_list_leads_to_requests_and_counts_them_apart(ada: Browser, asked: Conversation) -> None:
    page = ada.get("/").content.decode()
    assert re.search(r'href="/requests/".*?<span class="count">1</span>', page, re.DOTALL)
    assert f'data-conversation-id="{asked.id}"' not in page
    assert "Do I know you?" in ada.get("/requests/").content.decode()


def test_without_requests_there_is_no_way_to_them(ada: Browser) -> None:
    assert b"/requests/" not in ada.get("/").content
    assert b"No message requests" in ada.get("/requests/").content


def test_accepting_with_a_button(ada: Browser, cast: Cast, asked: Conversation) -> None:
    assert b"would like to write to you" in ada.get(f"/c/{asked.id}/").content
    assert ada.post(f"/c/{asked.id}/accept/")["Location"] == f"/c/{asked.id}/"
    assert b"would like to write to you" not in ada.get(f"/c/{asked.id}/").content
    assert shown(cast.ada) == ([asked.id], [])


def test_declining_with_a_button(ada: Browser, cast: Cast, asked: Conversation) -> None:
    assert ada.post(f"/c/{asked.id}/decline/")["Location"] == "/requests/"
    assert ada.get(f"/c/{asked.id}/").status_code == 404


def test_blocking_from_a_request_keeps_it_away_when_the_block_is_lifted(
    ada: Browser, cast: Cast, asked: Conversation
) -> None:
    assert ada.post(f"/c/{asked.id}/block/")["Location"] == "/requests/"
    assert relationships.blocked(cast.ada.chat_id) == [cast.eve.chat_id]
    relationships.unblock(cast.ada.chat_id, cast.eve.chat_id)
    assert shown(cast.ada) == ([], [])


def test_a_person_who_takes_no_messages_says_so_where_one_would_write(cast: Cast) -> None:
    settings.update(cast.ada.chat_id, {"may_message": "friends"})
    eve = Browser()
    eve.force_login(cast.eve)
    answer = eve.post("/c/new/", {"who": cast.ada.chat_id})
    assert answer.status_code == 400
    assert b"chooses who may write" in answer.content


def test_reading_everything_at_once_answers_no_request(cast: Cast, asked: Conversation, api: Apis) -> None:
    group = conversations.create_group(cast.ben.chat_id, "Kites", [cast.ada.chat_id])
    settle(say(cast.ben, group))
    ada = api(cast.ada)
    assert ada.post("conversations/read/?x=1", {}).status_code == 400
    assert ada.post("conversations/read/", {}).status_code == 204
    lists = inbox.lists(cast.ada.chat_id)
    assert [one.unread for one in lists.rows] == [0]
    assert [one.unread for one in lists.requests] == [1]
