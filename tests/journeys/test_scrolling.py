"""Nothing moves under the reader."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PATIENCE_MS, Desk, Enter

LONG = pytest.mark.parametrize("talk", [160], indirect=True)
STILL_PX = 2
MOST_SHOWN = 400  # messages, as chat-messages.js has it


def _top(desk: Desk, text: str) -> float:
    return float(desk.page.get_by_text(text, exact=False).first.evaluate("item => item.getBoundingClientRect().top"))


def _below(desk: Desk) -> float:
    return float(desk.page.locator("chat-messages").evaluate("box => Math.abs(box.scrollTop)"))


def _scroll(desk: Desk, pixels: int) -> None:
    desk.page.locator("chat-messages").evaluate("(box, pixels) => box.scrollBy(0, pixels)", pixels)


def _await_older(desk: Desk, first: int) -> None:
    desk.page.wait_for_function("(first) => Number(document.querySelector('.message').dataset.seq) < first", arg=first)


def _read_all(desk: Desk) -> None:
    """Opened anew after everything was read, it opens at its end."""
    desk.page.locator("chat-messages").evaluate("box => box.scrollTo(0, 0)")
    expect(desk.page.locator("chat-sidebar .badge").first).to_be_hidden()
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while 'data-read-seq="160"' not in desk.page.evaluate("async () => (await fetch(location)).text()"):
        assert time.monotonic() < deadline
    desk.page.reload()
    desk.await_line()


@LONG
def test_older_pages_come_by_themselves_and_nothing_jumps(enter: Enter) -> None:
    ada = enter("ada")
    _read_all(ada)
    before = ada.seqs
    assert before[-1] == 160 and before[0] > 100
    mark = f"message {before[2]}"
    ada.page.locator("chat-messages").evaluate("box => box.scrollTo(0, -(box.scrollHeight - box.clientHeight - 400))")
    top = _top(ada, mark)
    _await_older(ada, before[0])
    assert abs(_top(ada, mark) - top) <= STILL_PX
    while ada.seqs[0] > 1:
        first = ada.seqs[0]
        ada.page.locator("chat-messages").evaluate("box => box.scrollTo(0, -box.scrollHeight)")
        _await_older(ada, first)
    assert ada.seqs == list(range(1, 161))


@pytest.mark.parametrize("talk", [620], indirect=True)
def test_a_long_way_up_and_down_again_keeps_the_page_small_and_still(enter: Enter) -> None:
    """The page opens at the first unread message, which is the first of all."""
    ada = enter("ada")
    _walk(ada, to=620, by=1)
    assert ada.page.locator("chat-conversation").get_attribute("data-has-before") == "1"
    _walk(ada, to=1, by=-1)
    assert ada.page.locator("chat-conversation").get_attribute("data-has-after") == "1"


def _walk(desk: Desk, to: int, by: int) -> None:
    """Scrolls through the log, page by page, until message `to` is there."""
    place = -1 if by > 0 else 0
    while desk.seqs[place] != to:
        edge = desk.seqs[place]
        mark = desk.page.locator(f"#message-{edge - by * 3}")
        top = mark.evaluate(
            """(item, up) => {
                item.scrollIntoView({ block: up ? "start" : "end" })
                return item.getBoundingClientRect().top
            }""",
            by < 0,
        )
        desk.page.wait_for_function(
            """([edge, by]) => {
                const places = [...document.querySelectorAll(".message")].map((one) => one.dataset.seq)
                return places.some((place) => (place - edge) * by > 0)
            }""",
            arg=[edge, by],
        )
        assert abs(mark.evaluate("item => item.getBoundingClientRect().top") - top) <= STILL_PX
        seqs = desk.seqs
        assert len(seqs) <= MOST_SHOWN
        assert seqs == list(range(seqs[0], seqs[-1] + 1))


@LONG
def test_away_from_the_end_new_messages_are_counted_and_nothing_moves(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    _read_all(ada)
    _scroll(ada, -900)
    pill = ada.page.locator(".to-bottom")
    expect(pill).to_be_visible()
    mark = ada.page.locator(f"#message-{ada.seqs[-25]} .message-body")
    top = mark.evaluate("item => item.getBoundingClientRect().top")
    ben.say("first of three", "second of three", "third of three")
    expect(pill).to_contain_text("3 new messages")
    assert abs(mark.evaluate("item => item.getBoundingClientRect().top") - top) <= STILL_PX
    ben.tick("third of three", "delivered")
    pill.click()
    expect(pill).to_be_hidden()
    ben.tick("third of three", "read")
    ben.say("and one more")
    ada.page.get_by_text("and one more").last.wait_for()
    assert _below(ada) <= STILL_PX


@LONG
def test_it_opens_at_the_first_unread_message_under_its_line(enter: Enter) -> None:
    ada = enter("ada")
    line = ada.page.locator(".new-line")
    expect(line).to_be_in_viewport()
    assert _below(ada) > 500
    following = line.evaluate("item => Number(item.nextElementSibling.dataset.seq)")
    assert following in (1, 2)


@LONG
def test_starting_over_keeps_the_place_and_the_draft(enter: Enter) -> None:
    ada = enter("ada")
    _read_all(ada)
    days = ada.page.locator(".messages > .day").count()
    ada.field.fill("half a thought")
    _meet_another_epoch(ada)
    assert _below(ada) <= STILL_PX
    ada.page.locator("chat-messages").evaluate("box => box.scrollTo(0, -1200)")
    expect(ada.page.locator(".to-bottom")).to_be_visible()
    seen = ada.page.locator("chat-messages").evaluate("box => box.reading")
    mark = ada.page.locator(f"#message-{seen} .message-body")
    top = mark.evaluate("item => item.getBoundingClientRect().top")
    _meet_another_epoch(ada)
    assert abs(mark.evaluate("item => item.getBoundingClientRect().top") - top) <= STILL_PX
    assert ada.page.locator(".messages > .day").count() == days
    expect(ada.field).to_have_value("half a thought")


def _meet_another_epoch(desk: Desk) -> None:
    """Has the page believe that its server was restored from a backup, and waits until everything was drawn anew."""
    desk.page.evaluate(
        """async () => {
            const { live } = await import("chat/realtime/live.js")
            document.querySelector(".message").dataset.old = ""
            live.frames.give({ type: "ready", epoch: crypto.randomUUID(), user_id: live.userId, ping_ms: 25_000 })
        }"""
    )
    expect(desk.page.locator(".message[data-old]")).to_have_count(0)
