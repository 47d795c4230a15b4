"""By keyboard from anywhere to anything, and always knowing what is unread."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter, Talk


def test_what_is_unread_is_said_everywhere_and_read_everywhere_at_once(talk: Talk, enter: Enter) -> None:
    ben = enter("ben")
    ada, desk = enter("ada", address=f"{talk.url}/"), enter("ada", address=f"{talk.url}/")
    ben.say("one", "two", "three")
    for page in (ada.page, desk.page):
        expect(page).to_have_title(re.compile(r"^\(3\) "))
        page.wait_for_function("() => document.querySelector('link[rel=icon]').href.startsWith('data:image/png')")
    ada.page.locator("[popovertarget=me]").click()
    ada.page.locator(".read-all").click()
    for page in (ada.page, desk.page):
        expect(page).to_have_title(re.compile(r"^[^(]"))
        page.wait_for_function("() => document.querySelector('link[rel=icon]').href.endsWith('.svg')")
    expect(ada.page).to_have_url(f"{talk.url}/")


def test_keys_lead_from_anywhere_to_anything(talk: Talk, enter: Enter) -> None:
    ada = enter("ada", address=f"{talk.url}/settings/")
    theme = ada.page.locator("[name=theme]").first
    theme.focus()
    ada.page.keyboard.press("Control+k")
    field = ada.page.locator(".palette-field")
    expect(field).to_be_focused()
    field.fill("ben")
    expect(ada.page.locator("[role=option]").first).to_contain_text("Ben Okafor")
    assert field.get_attribute("aria-activedescendant") == "palette-row-1"
    ada.page.keyboard.press("Escape")
    expect(theme).to_be_focused()
    ada.page.keyboard.press("?")
    expect(ada.page.locator(".shortcuts-dialog")).to_contain_text("Next conversation")
    ada.page.keyboard.press("Escape")
    ada.page.keyboard.press("Control+k")
    field.fill("ben")
    expect(ada.page.locator("[role=option]").first).to_contain_text("Ben Okafor")
    ada.page.keyboard.press("Enter")
    ada.page.wait_for_url(f"**{talk.path}")


def test_who_comes_back_is_led_to_what_is_new(talk: Talk, enter: Enter) -> None:
    ben, ada = enter("ben"), enter("ada")
    _look_away(ada.page, away=True)
    ben.say(*(f"line {number}\n" * 8 for number in range(6)))
    pill = ada.page.locator(".to-new")
    expect(pill).to_have_text("6 new messages")
    _look_away(ada.page, away=False)
    pill.click()
    expect(ada.page.locator(".new-line")).to_be_in_viewport()
    expect(pill).to_be_hidden()
    ada.page.keyboard.press("Escape")
    expect(ada.page.locator(".message", has_text="line 5").last).to_be_in_viewport()
    ben.tick("line 5", "read")


def _look_away(page: Page, *, away: bool) -> None:
    page.evaluate(
        "(away) => { document.hasFocus = () => !away; dispatchEvent(new Event(away ? 'blur' : 'focus')) }", away
    )
