"""What one is told: while away, and live."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Talk


def test_who_was_away_finds_it_on_the_bell_and_reading_clears_it(enter: Enter, talk: Talk) -> None:
    ada = enter("ada")
    ada.say("Are you there?", "It is about the garden.")
    ada.await_settled(2)
    ben = enter("ben", address=f"{talk.url}/people/")
    bell = ben.page.locator("chat-bell .badge")
    ben.page.wait_for_timeout(700)  # the background gathers for half a second
    ben.open(f"{talk.url}/notifications/")
    expect(bell).to_have_text("1")
    item = ben.page.locator(".notification")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("Ada Lovelace")
    expect(item).to_contain_text("2 new messages · It is about the garden.")
    item.get_by_role("link").click()
    ben.page.wait_for_url(talk.address)
    ben.open(f"{talk.url}/notifications/")
    expect(bell).to_be_hidden()
    expect(item.get_by_text("Unread")).to_have_count(0)


def test_who_is_here_sees_it_come_and_go_in_all_windows(enter: Enter, talk: Talk) -> None:
    first = enter("ben", address=f"{talk.url}/notifications/")
    second = enter("ben", address=f"{talk.url}/notifications/")
    expect(first.page.get_by_role("heading", name="Nothing new")).to_be_visible()
    ada = enter("ada", address=f"{talk.url}/people/ben/")
    ada.page.locator("[name=action][value=request]").click()
    for window in (first, second):
        expect(window.page.locator("chat-bell .badge")).to_have_text("1")
        expect(window.page.locator(".notification")).to_contain_text("would like to be your friend.")
        expect(window.page.get_by_role("heading", name="Nothing new")).to_be_hidden()
    first.page.reload()
    first.page.get_by_role("button", name="Mark all as read").click()
    expect(second.page.locator("chat-bell .badge")).to_be_hidden()
    expect(second.page.locator(".notification-dot")).to_have_count(0)


def test_who_has_the_chat_open_is_not_told_of_messages(enter: Enter, talk: Talk) -> None:
    ben = enter("ben", address=f"{talk.url}/notifications/")
    ada = enter("ada")
    ada.say("You see this anyway.")
    ada.await_settled(1)
    ben.page.wait_for_timeout(1200)
    expect(ben.page.locator(".notification")).to_have_count(0)
    expect(ben.page.locator("chat-bell .badge")).to_be_hidden()
