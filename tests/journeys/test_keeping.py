"""What one keeps for later: drafts on all devices, messages that go out by themselves, saved and forwarded ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

from playwright.sync_api import BrowserContext, Locator, expect

from chatsite.clock import now
from messaging.services import scheduling
from tests.journeys.conftest import Desk, Enter, Talk, beside, let_in


def act(desk: Desk, text: str, name: str) -> None:
    """Chooses an entry of the menu of a message."""
    desk.page.locator(".message", has_text=text).hover()
    desk.page.locator(".message-bar button[value=more]").click()
    desk.page.locator(f".message-menu button[value={name}]").click()


def drafted(desk: Desk) -> Locator:
    return desk.page.locator(".row-draft bdi")


def test_a_draft_goes_along_to_another_device_and_goes_out_at_its_time(
    enter: Enter, talk: Talk, windows: Callable[..., BrowserContext]
) -> None:
    ada, phone = enter("ada"), Desk(windows().new_page())
    let_in(phone.page.context, talk, "ada")
    phone.open(talk.url)
    ada.field.fill("See you at nine")
    expect(drafted(phone)).to_have_text("See you at nine")
    phone.page.locator(".row").click()
    phone.await_line()
    expect(phone.field).to_have_value("See you at nine")
    phone.field.press_sequentially(", or ten")
    ada.page.get_by_role("link", name="Details").focus()
    expect(ada.field).to_have_value("See you at nine, or ten")
    phone.page.get_by_role("button", name="Send later").click()
    phone.page.get_by_role("button", name="In an hour").click()
    expect(phone.page.locator(".toast")).to_contain_text("Scheduled for")
    expect(phone.field).to_have_value("")
    for desk in (ada, phone):
        expect(desk.page.locator(".composer-scheduled")).to_have_text("1 message is scheduled here")
    expect(ada.field).to_have_value("")
    with patch.object(scheduling, "now", lambda: now() + timedelta(hours=1)):
        assert beside(scheduling.send_due) == 1
    expect(ada.page.locator(".message.mine")).to_contain_text("See you at nine, or ten")
    expect(ada.page.locator(".composer-scheduled")).to_be_hidden()


def test_a_message_is_saved_and_passed_on(enter: Enter, talk: Talk) -> None:
    ada, ben = enter("ada"), enter("ben")
    ben.say("the red kite flies highest")
    act(ada, "red kite", "save")
    expect(ada.page.locator(".toast")).to_contain_text("Saved")
    saved = ada.page.context.new_page()
    saved.goto(f"{talk.url}/saved/")
    expect(saved.locator(".seek-text")).to_have_text("the red kite flies highest")
    act(ada, "red kite", "forward")
    dialog = ada.page.get_by_role("dialog", name="Forward")
    dialog.get_by_role("searchbox").fill("ben")
    dialog.locator(".list-row", has_text="Ben").click()
    dialog.get_by_role("button", name="Forward").click()
    expect(dialog).to_be_hidden()
    expect(ben.page.locator(".message", has=ben.page.locator(".forwarded"))).to_contain_text("red kite")
    expect(ben.page.locator(".forwarded")).to_have_text("Forwarded from Ben Okafor")
    saved.get_by_role("button", name="Remove from saved messages").click()
    expect(saved.locator(".empty")).to_contain_text("Nothing saved yet")
