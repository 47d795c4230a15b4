"""Nothing is lost, doubled or out of order, whatever happens to the line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import psutil
from playwright.sync_api import Error, Playwright, WebSocketRoute, expect

from tests.journeys.conftest import FLAGS, PATIENCE_MS, Desk, Enter, Talk, let_in
from tests.journeys.gate import Gate
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


def test_a_restart_of_the_site_is_survived_with_and_without_a_reload(
    enter: Enter, live_stack: LiveStack, talk: Talk
) -> None:
    """What was written meanwhile waits visibly, and goes out once and in order."""
    ada, ben = enter("ada"), enter("ben")
    ada.say("one")
    ben.await_settled(1)
    live_stack.kill()
    ben.say("meanwhile")
    ada.say("two", "three", "four")
    for text in ("two", "three", "four"):
        ada.tick(text, "waiting")
    expect(ada.page.locator("#connection")).to_be_visible()
    expect(ada.page.locator("chat-composer textarea")).to_be_enabled()
    ada.page.goto("about:blank")  # so that only what was stored can come back
    live_stack.start()
    ada.page.goto(talk.address)
    for desk in (ada, ben):
        desk.await_settled(5)
        assert [text for text in desk.transcript if text != "meanwhile"] == ["one", "two", "three", "four"]
        assert desk.seqs == [1, 2, 3, 4, 5]
        expect(desk.page.locator("#connection")).to_be_hidden()
    assert ada.transcript == ben.transcript


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


def test_two_tabs_share_one_outbox_and_one_sends_for_both(enter: Enter, gate: Gate, talk: Talk) -> None:
    ben, first = enter("ben"), enter("ada", address=gate.url + talk.path)
    second = Desk(first.page.context.new_page())
    second.open(gate.url + talk.path)
    gate.shut()
    first.say("a 1", "a 2")
    second.page.locator(".message[data-pending]", has_text="a 2").wait_for()
    second.say("b 1", "b 2")
    first.page.locator(".message[data-pending]", has_text="b 2").wait_for()
    first.say("a 3")
    second.page.locator(".message[data-pending]", has_text="a 3").wait_for()
    second.say("b 3")
    gate.open()
    for desk in (first, second):
        desk.look_up()
    for desk in (first, second, ben):
        desk.await_settled(6)
        assert sorted(desk.transcript) == ["a 1", "a 2", "a 3", "b 1", "b 2", "b 3"]
        assert desk.transcript == ben.transcript
    for tab in ("a", "b"):
        assert [text for text in ben.transcript if text.startswith(tab)] == [f"{tab} {number}" for number in (1, 2, 3)]


def test_a_tab_that_was_closed_leaves_its_messages_to_the_other_one(enter: Enter, gate: Gate, talk: Talk) -> None:
    ben, first = enter("ben"), enter("ada", address=gate.url + talk.path)
    second = Desk(first.page.context.new_page())
    second.open(gate.url + "/people/")
    gate.shut()
    first.say("one", "two")
    first.await_kept()
    first.page.close()
    gate.open()
    second.look_up()
    ben.await_settled(2)
    assert ben.transcript == ["one", "two"]


def test_a_browser_that_was_killed_sends_what_it_had_kept(
    enter: Enter, gate: Gate, talk: Talk, playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    ben = enter("ben")
    ada = _own_browser(playwright, chromium, tmp_path, talk)
    ada.open(gate.url + talk.path)
    gate.shut()
    ada.say("one", "two", "three")
    ada.await_kept()
    _kill(tmp_path)
    gate.open()
    ada = _own_browser(playwright, chromium, tmp_path, talk)
    ada.page.goto(gate.url + talk.path)
    for desk in (ben, ada):
        desk.await_settled(3)
        assert desk.transcript == ["one", "two", "three"]
    ada.page.context.close()


def test_what_waits_of_one_person_is_not_sent_by_the_next_at_the_same_browser(
    enter: Enter, gate: Gate, talk: Talk
) -> None:
    ada = enter("ada", address=gate.url + talk.path)
    gate.shut()
    ada.say("in my own name")
    ada.await_kept()
    ada.page.context.clear_cookies()  # signing in gives out a new token against forged requests as well
    let_in(ada.page.context, talk, "ben")
    gate.open()
    with contextlib.suppress(Error):  # it may be leaving the page already
        ada.look_up()
    ada.page.locator(f'body[data-user-id="{talk.ben.chat_id}"]').wait_for(state="attached")
    ada.await_line()
    assert ada.transcript == []
    let_in(ada.page.context, talk, "ada")
    ada.page.goto(gate.url + talk.path)
    ada.await_settled(1)
    assert ada.page.locator(".message.mine").count() == 1


def _own_browser(playwright: Playwright, chromium: str, profile: Path, talk: Talk) -> Desk:
    """A browser with a profile on the disk, whose windows ada uses."""
    context = playwright.chromium.launch_persistent_context(profile, executable_path=chromium, args=FLAGS)
    context.set_default_timeout(PATIENCE_MS)
    let_in(context, talk, "ada")
    return Desk(context.pages[0])


def _kill(profile: Path) -> None:
    """Ends the browser of this profile, and all of its processes, as a power cut would."""
    killed = 0
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end by itself while we look at others
            if str(profile) in " ".join(one.cmdline()):
                one.kill()
                killed += 1
    assert killed


def test_a_draft_is_still_there_after_a_reload(enter: Enter) -> None:
    ada = enter("ada")
    ada.page.fill("chat-composer textarea", "unfinished")
    ada.page.reload()
    ada.await_line()  # before that the page is as one without scripts, which knows of no draft in this browser
    expect(ada.page.locator("chat-composer textarea")).to_have_value("unfinished")
    ada.say("unfinished business")
    ada.page.reload()
    ada.await_line()
    expect(ada.page.locator("chat-composer textarea")).to_have_value("")


def test_signing_out_elsewhere_leads_to_the_sign_in_page_and_keeps_the_draft(enter: Enter, talk: Talk) -> None:
    ada = enter("ada")
    ada.field.fill("not yet sent")
    other = ada.page.context.new_page()
    other.goto(talk.url)
    other.get_by_role("button", name="Your menu").click()
    other.get_by_role("button", name="Log out").click()
    expect(ada.page).to_have_url(f"{talk.url}/accounts/login/?next=%2Fc%2F{talk.conversation_id}%2F")
    let_in(ada.page.context, talk, "ada")
    ada.open(talk.address)
    expect(ada.field).to_have_value("not yet sent")


def test_where_no_socket_gets_through_the_same_goes_over_http(enter: Enter, gate: Gate, talk: Talk) -> None:
    gate.let_sockets(through=False)
    ben, ada = enter("ben"), enter("ada", address=gate.url + talk.path, live=False)
    ada.say("by letter")
    ben.await_settled(1)
    ben.say("by wire")
    ada.await_settled(2)
    assert ada.transcript == ben.transcript == ["by letter", "by wire"]
    ben.tick("by wire", "read")
    ada.tick("by letter", "read")
    ben.amend("by wire", "message.edit", content="by better wire")
    expect(ada.page.locator(".message").last).to_contain_text("by better wire")
    expect(ada.page.locator("#connection")).to_have_text("No live connection. Messages come and go a little later.")
    gate.let_sockets(through=True)
    ada.look_up()
    ada.await_line()
    expect(ada.page.locator("#connection")).to_be_hidden()


def test_a_push_that_was_dropped_is_fetched_without_a_reload(enter: Enter, talk: Talk) -> None:
    ben, ada = enter("ben"), enter("ada", live=False, address="about:blank")
    ada.page.route_web_socket("**/ws/", _dropping("the lost one"))
    ada.open(talk.address)
    ben.say("the lost one")
    ben.await_settled(1)
    assert ada.transcript == []
    ben.say("the next one")
    ada.await_settled(2)
    assert ada.transcript == ["the lost one", "the next one"]


def _dropping(text: str) -> Callable[[WebSocketRoute], None]:
    """Lets everything pass but the events that say `text`, as a channel layer over its capacity does."""

    def connect(page: WebSocketRoute) -> None:
        site = page.connect_to_server()
        site.on_message(
            lambda frame: None if '"message.created"' in str(frame) and text in str(frame) else page.send(frame)
        )

    return connect
