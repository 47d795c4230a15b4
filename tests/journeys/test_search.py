"""Finding a message, going to it, and looking around there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import Desk, Enter, Talk, let_in

LONG = pytest.mark.parametrize("talk", [160], indirect=True)


@LONG
def test_found_as_one_types_and_opened_in_its_place(enter: Enter, talk: Talk) -> None:
    ada = enter("ada")
    ada.page.get_by_role("link", name="Search messages").click()
    field = ada.page.get_by_role("searchbox", name="Search messages")
    expect(field).to_be_focused()
    field.press_sequentially("message 14")
    hits = ada.page.locator(".seek-hit")
    expect(ada.page.locator(".seek-status")).to_have_text("11 found")
    expect(hits.first.locator("mark").first).to_have_text("message")
    field.press_sequentially("0")
    expect(hits).to_have_count(1)
    expect(ada.page).to_have_url(f"{talk.url}/search/?q=message+140")
    field.press("ArrowDown")
    expect(hits.first).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(ada.page).to_have_url(f"{talk.address}?around=140#message-140")
    expect(ada.page.locator("#message-140")).to_be_in_viewport()
    ada.await_line()
    for place in (0, 1e9):
        ada.page.locator("chat-messages").evaluate("(box, place) => box.scrollBy(0, place || -1e9)", place)
        ada.page.wait_for_timeout(100)
    ada.page.wait_for_function("() => document.querySelector('.message').dataset.seq < 100")
    ada.page.wait_for_function("() => [...document.querySelectorAll('.message')].at(-1).dataset.seq === '160'")
    ada.page.go_back()
    expect(ada.page.get_by_role("searchbox", name="Search messages")).to_have_value("message 140")


@LONG
def test_more_hits_come_below_and_filters_can_be_taken_off(enter: Enter, talk: Talk) -> None:
    ada = enter("ada", address=f"{talk.url}/search/?q=message+from:@ben", live=False)
    hits = ada.page.locator(".seek-hit")
    expect(hits).to_have_count(20)
    ada.page.get_by_role("link", name="More", exact=True).click()
    expect(hits).to_have_count(40)
    expect(hits.nth(20)).to_be_focused()
    ada.page.get_by_role("link", name="Without from:ben").click()
    expect(ada.page).to_have_url(f"{talk.url}/search/?q=message&order=newest")


def test_without_script_it_is_a_page(talk: Talk, windows: Callable[..., BrowserContext], enter: Enter) -> None:
    ada = enter("ada")
    ada.say("an orchid for all")
    ada.tick("an orchid", "sent")
    context = windows(java_script_enabled=False)
    let_in(context, talk, "ben")
    ben = Desk(context.new_page())
    ben.page.goto(f"{talk.url}/search/")
    ben.page.fill("chat-search [name=q]", "orch")
    ben.page.get_by_role("button", name="Search").click()
    expect(ben.page.locator(".seek-hit mark")).to_have_text("orchid")
    ben.page.locator(".seek-hit").click()
    expect(ben.page.locator("#message-1")).to_be_in_viewport()
