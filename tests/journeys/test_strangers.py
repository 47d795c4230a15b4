"""Somebody whom one does not know, and somebody whom one does not want to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from messaging.services import conversations
from tests.cast import acquaint
from tests.journeys.conftest import Desk, Talk, beside, let_in
from tests.live import LiveStack

SECOND_MS = 1_000
PHONE = {"viewport": {"width": 390, "height": 844}}
Sit = Callable[..., Desk]


@dataclass(frozen=True)
class House:
    """ada and ben know each other and sit in a group with cleo; nobody knows eve."""

    url: str
    people: dict[str, User]
    private: str
    group: str


@pytest.fixture
def house(live_server_url: str, live_stack: LiveStack) -> House:
    return beside(lambda: _house(live_server_url, live_stack))


def _house(url: str, live_stack: LiveStack) -> House:
    people = {name: live_stack.person(name) for name in ("ada", "ben", "cleo", "eve")}
    private = acquaint(people["ada"], people["ben"])
    others = [people[name].chat_id for name in ("ben", "cleo")]
    group = conversations.create_group(people["ada"].chat_id, "Kites", others)
    return House(url, people, str(private.id), str(group.id))


@pytest.fixture
def sit(house: House, windows: Callable[..., BrowserContext]) -> Sit:
    """`sit("ada", "/")`: she is logged in and looks at a page."""

    def sit(name: str, path: str, **options: object) -> Desk:
        context = windows(**options)
        let_in(context, Talk(house.url, "", house.people[name], house.people[name]), name)
        desk = Desk(context.new_page())
        desk.open(house.url + path)
        return desk

    return sit


def test_a_stranger_writes_is_accepted_and_receipts_begin(house: House, sit: Sit) -> None:
    ada, eve = sit("ada", "/"), sit("eve", "/people/ada/")
    eve.page.get_by_role("button", name="Send message").click()
    eve.await_line()
    eve.say("Do I know you?")
    eve.tick("Do I know you?", "sent")
    way = ada.page.locator(".requests-link")
    expect(way).to_have_text("Message requests1")
    expect(ada.page.locator("chat-sidebar .row", has_text="Eve")).to_have_count(0)
    assert not ada.page.title().startswith("(")
    way.click()
    expect(ada.page.locator(".request")).to_contain_text("Do I know you?")
    ada.page.locator(".request .list-row").click()
    ada.await_line()
    expect(ada.page.locator(".request-note")).to_contain_text("Eve Stranger would like to write to you")
    ada.page.wait_for_timeout(SECOND_MS)  # it is read by now
    eve.tick("Do I know you?", "sent")
    expect(eve.page.locator(".conversation-status")).to_have_text("Offline")
    ada.page.get_by_role("button", name="Accept messages from Eve Stranger").click()
    ada.await_line()
    eve.tick("Do I know you?", "read")
    expect(eve.page.locator(".conversation-status")).to_have_text("Online")
    expect(ada.page.locator(".request-note")).to_have_count(0)
    expect(ada.page.locator("chat-sidebar .row", has_text="Eve")).to_be_visible()


def test_answering_accepts_and_a_refusal_is_not_told(house: House, sit: Sit) -> None:
    eve = sit("eve", "/people/ada/")
    eve.page.get_by_role("button", name="Send message").click()
    eve.await_line()
    eve.say("Hello?")
    eve.tick("Hello?", "sent")  # there is nothing to decline before that
    ada = sit("ada", "/requests/")
    ada.page.get_by_role("button", name="Decline messages from Eve Stranger").click()
    expect(ada.page.get_by_text("No message requests")).to_be_visible()
    eve.say("Are you there?")
    eve.tick("Are you there?", "sent")
    ada.await_line()
    ada.page.wait_for_timeout(SECOND_MS)
    expect(ada.page.locator(".requests-link")).to_have_count(0)
    ada.page.goto(f"{house.url}/people/eve/")
    ada.page.get_by_role("button", name="Send message").click()  # it is a request again
    ada.await_line()
    ada.say("Now I am.")
    eve.tick("Are you there?", "read")
    expect(ada.page.locator(".request-note")).to_have_count(0)
    assert ada.transcript == eve.transcript == ["Hello?", "Are you there?", "Now I am."]


def test_block_and_be_blocked(house: House, sit: Sit) -> None:
    ada, ben = sit("ada", f"/c/{house.private}/"), sit("ben", f"/c/{house.private}/")
    expect(ben.page.locator(".conversation-status")).to_have_text("Online")
    ben.say("balloons?")
    ben.tick("balloons?", "read")
    tab = Desk(ada.page.context.new_page())
    tab.open(f"{house.url}/people/ben/")
    tab.page.get_by_text("Block…").click()
    tab.page.get_by_role("button", name="Block", exact=True).click()
    expect(tab.page.get_by_text("Blocked. They are not told.")).to_be_visible()
    expect(ada.page.locator("chat-sidebar .row", has_text="Ben")).to_have_count(0)
    expect(ben.page.locator(".conversation-status")).to_have_text("Offline")
    ben.say("are you there?")
    ben.tick("are you there?", "sent")
    tab.page.goto(f"{house.url}/c/{house.private}/")
    expect(tab.page).to_have_url(f"{house.url}/people/ben/")
    ben.page.wait_for_timeout(SECOND_MS)
    ben.tick("are you there?", "sent")
    assert ada.transcript == ["balloons?"]
    tab.page.get_by_role("button", name="Unblock").click()
    ada.open(f"{house.url}/c/{house.private}/")
    assert ada.transcript == ["balloons?", "are you there?"]


def test_in_a_group_what_the_blocked_say_is_folded_for_the_blocker_alone(house: House, sit: Sit) -> None:
    ada, ben, cleo = (sit(name, f"/c/{house.group}/") for name in ("ada", "ben", "cleo"))
    phone = sit("ada", f"/c/{house.group}/", **PHONE)
    ben.say("before")
    ada.await_settled(1)
    tab = Desk(ada.page.context.new_page())
    tab.open(f"{house.url}/people/ben/")
    tab.page.get_by_text("Block…").click()
    tab.page.get_by_role("button", name="Block", exact=True).click()
    for mine in (ada, phone):
        expect(mine.page.locator(".message .fold")).to_have_count(1)
    preview = ada.page.locator(".row-preview").first
    expect(preview).to_have_text("Blocked message")
    ben.say("and after")
    for desk in (ada, phone, cleo):
        desk.await_settled(2)
    expect(preview).to_have_text("Blocked message")
    for mine in (ada, phone):
        expect(mine.page.locator(".message .fold")).to_have_count(2)
        expect(mine.page.locator(".message-body", has_text="and after")).to_be_hidden()
        mine.page.locator(".message .fold summary").last.click()
        expect(mine.page.locator(".message-body", has_text="and after")).to_be_visible()
    for desk in (ben, cleo):
        assert desk.transcript == ["before", "and after"]
        expect(desk.page.locator(".fold")).to_have_count(0)


def test_without_javascript_a_request_is_accepted_by_a_form(
    house: House, windows: Callable[..., BrowserContext]
) -> None:
    eve, ada = house.people["eve"], house.people["ada"]
    here = beside(lambda: conversations.start_private(eve.chat_id, ada.chat_id)[0])
    for name, deed in (("eve", "write"), ("ada", "accept")):
        context = windows(java_script_enabled=False)
        let_in(context, Talk(house.url, "", house.people[name], house.people[name]), name)
        page = context.new_page()
        page.goto(f"{house.url}/c/{here.id}/")
        if deed == "write":
            page.fill("textarea", "Do I know you?")
            page.get_by_role("button", name="Send", exact=True).click()
            expect(page.locator(".message.mine")).to_have_count(1)
        else:
            page.get_by_role("button", name="Accept messages from Eve Stranger").click()
            expect(page.locator(".request-note")).to_have_count(0)
            expect(page.locator(".row", has_text="Eve")).to_be_visible()
