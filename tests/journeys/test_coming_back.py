"""Nothing is lost, doubled or out of order, whatever happens to the line."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Desk, Enter, Talk
from tests.live import LiveStack


def test_what_was_missed_comes_after_a_break_in_order(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ben.say("before")
    ada.await_settled(1)
    ada.cut_line()
    said = [f"number {number}" for number in range(1, 8)]
    ben.say(*said)
    ben.await_settled(8)
    assert ada.transcript == ["before"]
    ada.mend_line()
    ada.await_settled(8)
    assert ada.transcript == ["before", *said]
    assert ada.seqs == list(range(1, 9))


def test_messages_written_offline_wait_visibly_survive_a_reload_and_go_out_once(
    enter: Enter, live_stack: LiveStack, talk: Talk
) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.say("one")
    ben.await_settled(1)
    live_stack.kill()
    ada.say("two", "three", "four")
    for text in ("two", "three", "four"):
        ada.tick(text, "waiting")
    expect(ada.page.locator("#connection")).to_be_visible()
    expect(ada.page.locator("chat-composer textarea")).to_be_enabled()
    ada.page.goto("about:blank")  # so that only what was stored can come back
    live_stack.start()
    ada.page.goto(talk.address)
    for desk in (ada, ben):
        desk.await_settled(4)
        assert desk.transcript == ["one", "two", "three", "four"]
        assert desk.seqs == [1, 2, 3, 4]
        expect(desk.page.locator("#connection")).to_be_hidden()


def test_a_restart_of_the_site_is_survived_without_a_reload(enter: Enter, live_stack: LiveStack) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.say("one")
    ben.await_settled(1)
    live_stack.kill()
    ada.say("two")
    ben.say("three")
    live_stack.start()
    for desk in (ada, ben):
        desk.await_settled(3)
    assert ada.transcript == ben.transcript
    assert sorted(ada.transcript) == ["one", "three", "two"]


def test_both_write_at_once_and_a_reload_shows_the_same_order(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    for number in range(12):
        ada.say(f"ada {number}")
        ben.say(f"ben {number}")
    for desk in (ada, ben):
        desk.await_settled(24)
    seen = ada.transcript
    assert seen == ben.transcript
    assert ada.seqs == ben.seqs == list(range(1, 25))
    for name in ("ada", "ben"):
        assert [text for text in seen if text.startswith(name)] == [f"{name} {number}" for number in range(12)]
    ada.page.reload()
    assert ada.transcript == seen


def test_two_tabs_share_one_outbox(enter: Enter, live_stack: LiveStack, talk: Talk) -> None:
    ada, ben = enter("ada"), enter("ben")
    second = Desk(ada.page.context.new_page())
    second.open(talk.address)
    live_stack.kill()
    ada.say("from the first tab")
    second.page.locator(".message[data-pending]", has_text="from the first tab").wait_for()
    second.say("from the second tab")
    live_stack.start()
    for desk in (ada, second, ben):
        desk.await_settled(2)
        assert desk.transcript == ["from the first tab", "from the second tab"]


def test_a_draft_is_still_there_after_a_reload(enter: Enter) -> None:
    ada = enter("ada")
    ada.page.fill("chat-composer textarea", "unfinished")
    ada.page.reload()
    expect(ada.page.locator("chat-composer textarea")).to_have_value("unfinished")
    ada.say("unfinished business")
    ada.page.reload()
    ada.await_line()
    expect(ada.page.locator("chat-composer textarea")).to_have_value("")


def test_signing_out_elsewhere_leads_to_the_sign_in_page(enter: Enter, talk: Talk) -> None:
    ada = enter("ada")
    other = ada.page.context.new_page()
    other.goto(talk.url)
    other.get_by_role("button", name="Your menu").click()
    other.get_by_role("button", name="Log out").click()
    expect(ada.page).to_have_url(f"{talk.url}/accounts/login/?next=%2Fc%2F{talk.conversation_id}%2F")


def test_where_no_socket_gets_through_the_same_goes_over_http(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.page.route_web_socket("**/ws/", lambda route: route.close())
    ada.page.reload()
    ada.say("by letter")
    ben.await_settled(1)
    ben.say("by wire")
    ada.await_settled(2)
    assert ada.transcript == ben.transcript == ["by letter", "by wire"]
    ben.tick("by wire", "read")
