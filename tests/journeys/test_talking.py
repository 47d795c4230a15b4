"""Two people talk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from messaging.services import conversations
from tests.cast import PASSWORD
from tests.journeys.conftest import Desk, Enter, Talk, beside
from tests.live import LiveStack

INERT = [
    "<img src=x onerror=\"document.title='stung'\">",
    "<script>document.title='stung'</script>",
    "&lt;b&gt; {{ 7*7 }}",
]


def _fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    with page.expect_navigation():
        page.press(f"[name={name}]", "Enter")


def test_from_nothing_to_a_first_message_with_ticks(
    live_server_url: str, live_stack: LiveStack, windows: Callable[..., BrowserContext]
) -> None:
    live_stack.kill()  # it may remember the people of an earlier test
    live_stack.start()
    ada, ben = Desk(windows().new_page()), Desk(windows().new_page())
    ada.page.goto(live_server_url)
    expect(ada.page).to_have_url(f"{live_server_url}/welcome/")
    _fill(ada.page, email="ada@example.org", username="ada", password1=PASSWORD)
    ben.page.goto(f"{live_server_url}/accounts/signup/")
    _fill(ben.page, username="ben", password1=PASSWORD)
    ben.page.goto(f"{live_server_url}/c/new/?q=ada")
    ben.page.locator(".list-row", has_text="@ada").click()
    ben.page.get_by_role("button", name="Start").click()
    ben.await_line()
    ben.say("Good morning, Ada!")
    ada.page.locator(".requests-link").click()
    ada.page.get_by_role("button", name="Accept messages from ben").click()
    ben.tick("Good morning, Ada!", "read")
    expect(ada.page.locator("chat-sidebar .badge").first).to_be_hidden()
    ada.await_line()
    ada.say("Good morning, Ben.")
    ada.tick("Good morning, Ben.", "read")
    assert ada.transcript == ben.transcript == ["Good morning, Ada!", "Good morning, Ben."]


def test_typing_shows_and_goes(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ben.page.locator("chat-composer textarea").press_sequentially("I am")
    line = ada.page.locator(".typing")
    expect(line).to_have_text("Ben Okafor is typing…")
    ben.page.fill("chat-composer textarea", "")
    expect(line).to_be_hidden()


def test_presence_follows_the_other_one(enter: Enter) -> None:
    ada = enter("ada")
    expect(ada.page.locator(".conversation-status")).not_to_have_text("Online")
    ben = enter("ben")
    expect(ada.page.locator(".conversation-status")).to_have_text("Online")
    ben.page.close()
    expect(ada.page.locator(".conversation-status")).to_contain_text("Last seen")


def test_what_is_written_is_shown_and_never_run(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.cut_line()
    ada.say(*INERT)
    assert ada.transcript == INERT
    ada.mend_line()
    for desk in (ada, ben):
        desk.await_settled(len(INERT))
        assert desk.transcript == INERT
        assert "stung" not in desk.page.title()


def test_enter_sends_and_shift_enter_breaks_the_line(enter: Enter) -> None:
    ada = enter("ada")
    field = ada.page.locator("chat-composer textarea")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    field.press("Enter")
    ada.await_settled(1)
    assert ada.transcript == ["one\ntwo"]
    field.press("Enter")
    expect(field).to_be_enabled()
    assert ada.seqs == [1]


def test_a_refused_message_says_why_keeps_its_text_and_can_be_given_up(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.page.evaluate("document.querySelector('chat-composer textarea').value = 'half \\u0000 a word'")
    ada.page.press("chat-composer textarea", "Enter")
    refused = ada.page.locator(".message.failed")
    expect(refused.locator(".refusal span")).not_to_be_empty()
    expect(refused.locator(".message-body")).to_contain_text("half")
    ada.say("after it")
    ben.await_settled(1)
    refused.get_by_role("button", name="Delete").click()
    ada.await_settled(1)
    assert ada.transcript == ben.transcript == ["after it"]


def test_too_long_a_text_is_not_cut_and_not_lost(enter: Enter) -> None:
    ada = enter("ada")
    text = "x" * 10_001
    ada.say(text)
    assert ada.transcript == []
    assert ada.page.input_value("chat-composer textarea") == text
    ada.page.reload()
    expect(ada.page.locator("chat-composer textarea")).to_have_value(text)


@pytest.mark.parametrize("talk", [3], indirect=True)
def test_without_javascript(talk: Talk, windows: Callable[..., BrowserContext]) -> None:
    ada = Desk(windows(java_script_enabled=False).new_page())
    ada.log_in(talk.url, "ada")
    ada.page.goto(talk.url)
    ada.page.locator(".row", has_text="Ben").click()
    ada.page.fill("textarea", "sent by a form")
    ada.page.get_by_role("button", name="Send", exact=True).click()
    expect(ada.page.locator(".message.mine", has_text="sent by a form")).to_be_visible()
    assert ada.seqs == [1, 2, 3, 4]
    ada.page.reload()
    assert ada.seqs == [1, 2, 3, 4]


def test_an_edit_and_a_deletion_change_the_message_where_it_stands(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ben.say("first words", "to be taken back", "last words")
    ada.await_settled(3)
    ben.await_settled(3)
    ben.amend("first words", "message.edit", content="better words")
    ben.amend("to be taken back", "message.delete")
    expect(ada.page.locator(".message").first).to_contain_text("better words")
    expect(ada.page.locator(".message.deleted")).to_have_count(1)
    assert ada.transcript == ben.transcript
    assert ada.transcript[0] == "better words" and ada.transcript[2] == "last words"
    assert ada.seqs == [1, 2, 3]


def test_a_tick_tells_who_has_read_and_when(enter: Enter) -> None:
    ben = enter("ben")
    ben.say("Have you seen this?")
    ben.await_settled(1)
    tick = ben.page.get_by_role("button", name="Sent")
    tick.click()
    expect(ben.page.get_by_role("dialog")).to_have_text("Nobody has received it yet.")
    ben.page.keyboard.press("Escape")
    enter("ada")
    ben.tick("Have you seen this?", "read")
    ben.page.get_by_role("button", name="Read").click()
    expect(ben.page.get_by_role("dialog")).to_contain_text("Read byAda Lovelace")
    expect(ben.page.get_by_role("dialog").locator("time")).to_have_count(1)


def test_a_message_arrives_on_any_page_and_is_read_only_where_somebody_looks(enter: Enter, talk: Talk) -> None:
    ben, ada = enter("ben"), enter("ada", address=f"{talk.url}/settings/")
    ben.say("one")
    ben.tick("one", "delivered")
    ada.page.add_init_script("document.hasFocus = () => false")
    ada.open(talk.address)
    ben.say("two")
    ben.tick("two", "delivered")
    expect(ben.page.locator('.ticks[data-state="read"]')).to_have_count(0)
    ada.page.evaluate('document.hasFocus = () => true; window.dispatchEvent(new Event("focus"))')
    ben.tick("two", "read")
    ben.tick("one", "read")


def test_who_is_taken_out_of_a_group_is_told_and_keeps_the_text(enter: Enter, talk: Talk) -> None:
    group = beside(lambda: conversations.create_group(talk.ada.chat_id, "Garden", [talk.ben.chat_id]))
    path = f"/c/{group.id}/"
    ada, ben = enter("ada", address=talk.url + path), enter("ben", address=talk.url + path)
    ben.field.fill("half a thought")
    members = f"/api/v1/conversations/{group.id}/members/"
    _call(ada, "DELETE", f"{members}{talk.ben.chat_id}/")
    note = ben.page.locator(".composer-note")
    expect(note).to_have_text("You are no longer in this conversation. Your text stays here.")
    ben.field.press_sequentially(", and the rest")
    ben.field.press("Enter")
    expect(ben.field).to_have_value("half a thought, and the rest")
    _call(ada, "POST", members, user_ids=[talk.ben.chat_id])
    expect(note).to_have_count(0)
    ben.field.press("Enter")
    ada.page.get_by_text("half a thought, and the rest").first.wait_for()


def _call(desk: Desk, method: str, path: str, **body: object) -> None:
    """Does over the API what the page of details does with a form."""
    status = desk.page.evaluate(
        """async ([method, path, body]) => {
            const headers = { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf }
            const given = method === "POST" ? { body: JSON.stringify(body) } : {}
            return (await fetch(path, { method, headers, ...given })).status
        }""",
        [method, path, body],
    )
    assert status < 300
