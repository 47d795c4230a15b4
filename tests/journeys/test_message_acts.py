"""What one does with messages after they were sent, as everybody meets it at once."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Locator, expect

from messaging.services import messages
from tests.journeys.conftest import Desk, Enter, Talk, beside
from tests.journeys.test_accessibility import AXE, violations

LIGHT: Literal["light"] = "light"
DARK: Literal["dark"] = "dark"


def message(desk: Desk, text: str) -> Locator:
    """The last one that says so itself: what it quotes does not count."""
    return desk.page.locator(".message", has=desk.page.locator(".message-body", has_text=text)).last


def choose(desk: Desk, text: str, entry: str) -> None:
    message(desk, text).hover()
    desk.page.get_by_role("toolbar").get_by_role("button", name="More").click()
    desk.page.get_by_role("menuitem", name=entry, exact=True).click()


def test_what_was_said_is_taken_back_edited_and_answered(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.say("teh kite")
    ada.page.get_by_role("button", name="Undo").click()
    expect(ada.field).to_have_value("teh kite")
    expect(ben.page.locator(".message.deleted")).to_have_count(1)
    ada.field.press("Enter")
    ada.await_settled(2)
    ada.field.press("ArrowUp")
    expect(ada.field).to_have_value("teh kite")
    ada.field.fill("never mind")
    ada.field.press("Escape")
    expect(ada.field).to_have_value("")
    ada.field.press("ArrowUp")
    expect(ada.field).to_have_value("teh kite")
    ada.cut_line()
    ada.field.fill("the kite")
    ada.field.press("Enter")
    expect(ada.page.locator(".edit-line")).to_contain_text("Waiting for the connection")
    ada.mend_line()
    expect(ada.field).to_have_value("")
    ben.page.get_by_role("link", name="edited").click()
    expect(ben.page.get_by_role("dialog", name="Edit history").get_by_role("listitem")).to_contain_text(
        ["the kite", "teh kite"]
    )
    ben.page.keyboard.press("Escape")
    choose(ben, "the kite", "Reply")
    ben.page.reload()
    expect(ben.page.locator(".quote-line").first).to_contain_text("the kite")
    ben.say("a red one")
    quote = message(ada, "a red one").locator(".quote")
    expect(quote).to_contain_text("the kite")
    choose(ada, "the kite", "Delete for everyone")
    ada.page.get_by_role("button", name="Undo").last.click()
    expect(message(ada, "the kite")).not_to_have_class("going")
    ada.amend("the kite", "message.delete")
    expect(quote).to_contain_text("Deleted message")


def test_a_reaction_a_pin_and_what_is_deleted_for_oneself(enter: Enter) -> None:
    ada, ben, phone = enter("ada"), enter("ben"), enter("ben")
    ada.say("the kite", "a second thing")
    message(ben, "the kite").hover()
    ben.page.get_by_role("toolbar").get_by_role("button", name="More").click()
    ben.page.locator(".message-quick > button").first.click()
    chip = message(ada, "the kite").locator(".reaction")
    expect(chip).to_have_text("👍 1")
    expect(chip).to_have_attribute("title", "Ben Okafor")
    chip.click()
    expect(message(ben, "the kite").locator(".reaction")).to_have_text("👍 2")
    expect(chip).to_have_attribute("aria-pressed", "true")
    choose(ada, "the kite", "Pin")
    expect(message(ben, "the kite").locator(".pinned")).to_be_visible()
    choose(ben, "a second thing", "Delete for me")
    expect(phone.page.locator(".message", has_text="a second thing")).to_have_count(0)
    expect(phone.page.locator(".row-preview").first).to_have_text("the kite")
    ben.page.get_by_role("button", name="Undo").click()
    expect(message(phone, "a second thing")).to_be_visible()
    expect(message(ada, "a second thing")).to_be_visible()


def test_by_keys_alone_and_to_what_is_far_off(enter: Enter, talk: Talk) -> None:
    first = beside(lambda: messages.send(talk.ada.chat_id, talk.conversation_id, "1" * 32, "the first").message)
    for number in range(70):
        beside(lambda number=number: messages.send(talk.ben.chat_id, talk.conversation_id, f"{number:032}", "more"))  # type: ignore[misc]
    beside(lambda: messages.send(talk.ben.chat_id, talk.conversation_id, "2" * 32, "an answer", first.id))
    ada = enter("ada")
    ada.page.add_init_script(AXE)
    ada.open(talk.address)
    ada.page.locator("chat-messages").focus()
    ada.page.keyboard.press("Escape")
    expect(message(ada, "an answer")).to_be_in_viewport()
    ada.page.keyboard.press("ArrowUp")
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("menuitem", name="Other emoji")).to_be_focused()
    for scheme in (LIGHT, DARK):
        ada.page.emulate_media(color_scheme=scheme)
        assert violations(ada.page) == []
    ada.page.keyboard.press("Escape")
    expect(message(ada, "an answer")).to_be_focused()
    message(ada, "an answer").locator(".quote").click()
    expect(message(ada, "the first")).to_be_in_viewport()
    ada.page.get_by_role("button", name="Back to the answer").click()
    expect(message(ada, "an answer")).to_be_in_viewport()
