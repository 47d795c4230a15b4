"""Marks, names and emoji, as people write and read them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from messaging.services import conversations
from tests.journeys.conftest import Desk, Enter, Talk, beside
from tests.journeys.test_accessibility import AXE, violations_in_both


@pytest.fixture
def group(talk: Talk) -> str:
    made = beside(lambda: conversations.create_group(talk.ada.chat_id, "Kites", [talk.ben.chat_id]))
    return f"{talk.url}/c/{made.id}/"


def test_a_name_is_completed_by_keyboard_and_leads_to_the_person(enter: Enter, talk: Talk, group: str) -> None:
    ada, ben = enter("ada", address=group), enter("ben", address=group)
    options = ada.page.get_by_role("option")
    ada.field.press_sequentially("so @b")
    expect(options).to_have_count(1)
    expect(ada.field).to_have_attribute("aria-activedescendant", "suggestion-0")
    ada.field.press("Enter")
    expect(ada.field).to_have_value("so @ben ")
    ada.field.press_sequentially("and @")
    expect(options).to_have_count(2)
    ada.field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    ada.field.press("Tab")
    ada.field.press("Enter")
    mention = ben.page.locator(".message a.mention")
    expect(mention).to_have_text("@Ben Okafor")
    expect(mention).to_have_class("mention mention-own")
    expect(ada.page.locator(".message a.mention")).to_have_class("mention")
    expect(ben.page.locator(".mention-all")).to_have_text("@all")
    ben.page.reload()
    expect(mention).to_have_class("mention mention-own")
    mention.click()
    expect(ben.page).to_have_url(f"{talk.url}/people/ben/")


def test_escape_closes_the_list_and_enter_sends(enter: Enter, group: str) -> None:
    ada = enter("ada", address=group)
    ada.field.press_sequentially("@")
    expect(ada.page.get_by_role("option")).to_have_count(2)
    ada.field.press("Escape")
    expect(ada.page.get_by_role("option")).to_have_count(0)
    ada.field.press("Enter")
    ada.await_settled(1)
    assert ada.transcript == ["@"]


def test_shortcodes_become_emoji(enter: Enter) -> None:
    ada = enter("ada")
    ada.field.press_sequentially("yes :tada:")
    expect(ada.field).to_have_value("yes 🎉")
    ada.field.press_sequentially(" :sunfl")
    expect(ada.page.get_by_role("option").first).to_be_visible()
    ada.field.press_sequentially("x")
    expect(ada.page.get_by_role("option")).to_have_count(0)
    ada.page.fill("chat-composer textarea", "")
    ada.field.press_sequentially(":sunfl")
    ada.page.get_by_role("option").first.click()
    expect(ada.field).to_have_value("🌻 ")


def test_an_emoji_is_picked_and_remembered(enter: Enter) -> None:
    ada = enter("ada")
    ada.field.fill("we fly ")
    ada.page.get_by_role("button", name="Emoji").click()
    picker = ada.page.get_by_role("dialog", name="Choose an emoji")
    picker.get_by_role("searchbox").fill("wave")
    picker.get_by_role("button", name="Skin tone 3").click()
    picker.get_by_role("searchbox").press("Enter")
    expect(ada.field).to_have_value("we fly 👋🏽")
    expect(ada.field).to_be_focused()
    ada.page.get_by_role("button", name="Emoji").click()
    expect(picker.get_by_role("button").first).to_have_text("👋🏽")
    picker.get_by_role("searchbox").press("ArrowDown")
    expect(picker.get_by_role("button").first).to_be_focused()
    ada.page.keyboard.press("Escape")
    expect(picker).to_have_count(0)
    expect(ada.page.get_by_role("button", name="Emoji")).to_be_focused()


def test_what_is_covered_is_uncovered_by_keyboard(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.say("it was ||the *butler*||")
    words = ben.page.locator(".spoiler > span")
    expect(words).to_be_hidden()
    expect(ben.page.locator("#announcer")).to_contain_text("it was ▒▒▒")
    expect(ben.page.locator(".row-preview")).to_have_text("it was ▒▒▒")
    box = ben.page.get_by_role("checkbox", name="Show what is covered")
    box.focus()
    box.press(" ")
    expect(words).to_be_visible()
    box.press(" ")
    ben.page.locator(".spoiler").click()
    expect(words).to_be_visible()


def test_long_code_scrolls_within_itself_and_is_copied(enter: Enter, talk: Talk) -> None:
    ada = enter("ada")
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=talk.url)
    ada.page.fill("chat-composer textarea", "```python\n" + "x = 1  # " + "far " * 100 + "\n```")
    ada.page.get_by_role("button", name="Send", exact=True).click()
    ada.await_settled(1)
    assert ada.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    block = ada.page.locator(".code-block")
    assert block.locator("pre").evaluate("pre => pre.scrollWidth > pre.clientWidth")
    block.hover()
    block.get_by_role("button", name="Copy").click()
    expect(block.get_by_role("button")).to_have_text("Copied")
    assert ada.page.evaluate("navigator.clipboard.readText()").startswith("x = 1  # far")


def test_axe_finds_nothing_wrong_with_what_people_write(enter: Enter, talk: Talk) -> None:
    ada: Desk = enter("ada")
    ada.page.add_init_script(AXE)
    for text in ("> a\n\n- b\n\n||c|| `d` @ben", "```python\ndef f(): return '1'  # no\n```", "|a|b|\n|-|-|\n|1|2|"):
        ada.page.fill("chat-composer textarea", text)
        ada.page.get_by_role("button", name="Send", exact=True).click()
    ada.await_settled(3)
    ada.open(talk.address)
    ada.field.press_sequentially("@b")
    expect(ada.page.get_by_role("option")).to_have_count(1)
    assert violations_in_both(ada.page) == []
    ada.field.press("Escape")
    ada.page.get_by_role("button", name="Emoji").click()
    expect(ada.page.get_by_role("dialog", name="Choose an emoji")).to_be_visible()
    assert violations_in_both(ada.page) == []
