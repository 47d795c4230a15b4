"""A thread beside a conversation, as two people see it."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desk, Enter

SEND = 'async (frame) => (await import("chat/realtime/live.js")).live.send(frame)'


def words(page: Page) -> Locator:
    """What the open thread says."""
    return page.locator("chat-thread .message-body")


def reply(page: Page, text: str) -> None:
    page.fill("chat-thread textarea", text)
    page.press("chat-thread textarea", "Enter")


def begin(desk: Desk, text: str) -> None:
    """Opens the thread of a message by its menu."""
    desk.page.locator(".message", has_text=text).hover()
    desk.page.locator(".message-bar button[value=more]").click()
    desk.page.get_by_role("menuitem", name="Reply in thread").click()


def delete(desk: Desk, text: str) -> None:
    item = desk.page.locator("chat-thread .message", has_text=text)
    frame = {"type": "message.delete", "op_id": str(uuid4()), "message_id": item.get_attribute("data-message-id")}
    desk.page.evaluate(SEND, frame)


def test_two_people_talk_beside_their_conversation(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ben.page.fill("chat-conversation textarea", "who comes?")
    ben.page.press("chat-conversation textarea", "Enter")
    begin(ada, "who comes?")
    reply(ada.page, "I do")
    chip = ben.page.locator(".thread-chip:visible")
    expect(chip).to_contain_text("1 reply")
    expect(ben.page.locator("chat-conversation .in-thread .message-body")).to_have_text("I do")
    chip.click()
    expect(words(ben.page)).to_have_text(["who comes?", "I do"])

    ada.cut_line()
    reply(ben.page, "bring tea")
    reply(ada.page, "and cake")
    expect(ada.page.locator("chat-thread [data-pending]")).to_have_count(1)
    expect(ada.page.locator("chat-conversation [data-pending]")).to_have_count(0)
    ada.mend_line()
    for desk in (ada, ben):
        expect(words(desk.page)).to_have_text(["who comes?", "I do", "bring tea", "and cake"])
        expect(desk.page.locator(".thread-chip:visible")).to_contain_text("3 replies")
        expect(desk.page.locator(".thread-total")).to_have_text("3 replies")

    delete(ben, "bring tea")
    expect(ada.page.locator(".thread-total")).to_have_text("2 replies")
    ada.page.fill("chat-thread textarea", "half written")
    delete(ben, "who comes?")
    expect(ada.page.locator("chat-thread .composer-note")).to_contain_text("was deleted")
    expect(ada.page.locator("chat-thread textarea")).to_have_value("half written")

    ada.page.set_viewport_size({"width": 390, "height": 844})
    expect(ada.page.locator("chat-conversation")).to_be_hidden()
    ada.page.locator(".thread-close").click()
    expect(ada.page.locator("chat-thread")).to_have_count(0)
    expect(ada.page.locator(".thread-chip:visible")).to_contain_text("2 replies")
