"""A public room: somebody joins, everybody sees it; its details open beside it, and one's devices list it alike."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import expect

from messaging.documents import Conversation
from messaging.services import conversations, messages
from tests.journeys.conftest import Desk, Enter, Talk, beside
from tests.journeys.test_accessibility import AXE, violations_in_both

TABS = {"Links": "links", "Files": "files", "Manage": "manage", "About": "about", "Pinned": "pins"}


def found(talk: Talk) -> Conversation:
    room = conversations.create_group(talk.ada.chat_id, "Sky watch", [], public=True)
    messages.send(talk.ada.chat_id, room.id, uuid4(), "first, see https://clouds.example/")
    return room


def test_a_room_from_its_finding_to_its_place_in_the_list(talk: Talk, enter: Enter) -> None:
    room = beside(lambda: found(talk))
    here = f"{talk.url}/c/{room.id}/"
    ada, ben = enter("ada", address=here), enter("ben", address=f"{talk.url}/rooms/")
    joins(ada, ben, here)
    looks_at_the_details(ada, here)
    arranges(ada, enter("ada", address=f"{talk.url}/"), str(room.id))


def joins(ada: Desk, ben: Desk, here: str) -> None:
    ben.page.get_by_role("button", name="Join Sky watch").click()
    ben.page.wait_for_url(here)
    expect(ben.page.locator(".happening").last).to_contain_text("You joined")
    expect(ada.page.locator(".happening").last).to_contain_text("joined")  # nobody loaded her page again
    expect(ada.page.locator(".conversation-status")).to_have_text("2 members")
    ben.await_line()
    ben.say("hello all")
    expect(ada.page.locator(".message, .happening").last).to_contain_text("hello all")


def looks_at_the_details(ada: Desk, here: str) -> None:
    ada.page.fill("chat-composer textarea", "half a thought")
    ada.page.get_by_role("link", name="Details", exact=True).click()
    panel = ada.page.locator("chat-details")
    expect(panel).to_be_visible()
    ada.page.evaluate(AXE)
    for words, part in TABS.items():
        panel.locator(".tab", has_text=words).click()
        expect(ada.page.locator(f'chat-details[data-part="{part}"]')).to_be_visible()
        assert violations_in_both(ada.page) == [], part
    ada.amend("first, see", "message.pin", on=True)
    expect(panel.locator(".shelf-text")).to_contain_text("first, see")
    assert ada.page.url == here
    expect(ada.field).to_have_value("half a thought")
    ada.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def arranges(ada: Desk, second: Desk, room: str) -> None:
    """On one device, by the mouse and by keys; the other follows."""
    row = f'.row[data-conversation-id="{room}"]'
    second.page.locator(row).click(button="right")
    second.page.get_by_role("button", name="Pin to the top").click()
    expect(ada.page.locator(f"{row}[data-pinned]")).to_be_visible()
    second.page.locator(f"{row}[data-pinned] + .row-more").focus()
    second.page.keyboard.press("Enter")
    expect(second.page.get_by_role("button", name="Mark as unread")).to_be_focused()
    second.page.keyboard.press("ArrowDown")
    second.page.keyboard.press("ArrowDown")
    second.page.keyboard.press("Enter")  # mute for an hour
    expect(ada.page.locator(f"{row}[data-muted]")).to_be_visible()
    expect(second.page.locator(f"{row}[data-muted]")).to_be_visible()
