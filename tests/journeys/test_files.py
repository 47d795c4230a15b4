"""Files between two people, and not to a third: chosen, pasted, dropped, seen, saved, kept over a reload."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.services import tokens
from tests import pictures
from tests.journeys.conftest import Desk, Enter, Talk, beside
from tests.journeys.test_accessibility import AXE, violations, violations_in_both
from tests.live import LiveStack

PICTURE = pictures.saved(pictures.halves(900, 600), "JPEG")
TEXT = b"dear kite, " * 100
DROP = """async ([type, name, bytes]) => {
    const given = new DataTransfer()
    given.items.add(new File([new Uint8Array(bytes)], name))
    const target = document.querySelector(type === "paste" ? "chat-composer textarea" : ".timeline")
    const how = { bubbles: true, cancelable: true }
    const pasted = () => new ClipboardEvent("paste", { clipboardData: given, ...how })
    target.dispatchEvent(type === "paste" ? pasted() : new DragEvent("drop", { dataTransfer: given, ...how }))
}"""


def choose(desk: Desk, *files: tuple[str, bytes]) -> None:
    chosen: Any = [{"name": name, "mimeType": "application/x-lie", "buffer": content} for name, content in files]
    desk.page.set_input_files(".files-input", chosen)


def send(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Send", exact=True).click()


def shown(page: Page) -> bool:
    """Whether every picture in the conversation was really loaded."""
    script = "items => items.length > 0 && items.every((one) => one.complete && one.naturalWidth > 0)"
    return bool(page.locator(".picture-shown").evaluate_all(script))


def test_two_files_and_a_picture_reach_the_other_and_no_stranger(
    enter: Enter, talk: Talk, live_stack: LiveStack
) -> None:
    ada, ben = enter("ada"), enter("ben")
    choose(ada, ("kite.jpg", PICTURE), ("notes.txt", TEXT), ("<b>plan</b>.bin", b"\0\1\2" * 50))
    expect(ada.page.locator(".tray-file")).to_have_count(3)
    ada.field.fill("look at these")
    send(ada)
    for desk in (ada, ben):
        desk.await_settled(1)
        message = desk.page.locator(".message")
        expect(message.locator(".message-body")).to_have_text("look at these")
        expect(message.locator(".picture-shown")).to_have_attribute("alt", "kite.jpg")
        expect(message.locator(".file-name")).to_have_text(["notes.txt", "b_.bin"])
        desk.page.wait_for_function("() => document.querySelector('.picture-shown').naturalWidth > 0")
    expect(ada.page.locator(".tray-file")).to_have_count(0)
    with ben.page.expect_download() as saving:
        ben.page.get_by_role("link", name="notes.txt").click()
    assert Path(saving.value.path()).read_bytes() == TEXT
    assert saving.value.suggested_filename == "notes.txt"
    eve = beside(lambda: tokens.issue(live_stack.person("eve")).access)
    for link in ben.page.locator(".files a").evaluate_all("links => links.map((link) => link.href)"):
        assert httpx.get(link, headers={"Authorization": f"Bearer {eve}"}).status_code == 404
        assert httpx.get(link).status_code == 404


def test_a_picture_opens_by_itself_and_moves_nothing(enter: Enter) -> None:
    ada = enter("ada")
    for name in ("one.jpg", "two.jpg"):
        choose(ada, (name, PICTURE))
        send(ada)
        expect(ada.page.locator(f'.picture-shown[alt="{name}"]')).to_be_visible()
    ada.await_settled(2)
    ada.open(ada.page.url)
    box = ada.page.locator(".picture-shown").first.bounding_box()
    assert box and (round(box["width"]), round(box["height"])) == (360, 240)
    ada.page.locator("a.picture").first.click()
    viewer = ada.page.get_by_role("dialog", name="one.jpg")
    expect(viewer.locator("img")).to_be_visible()
    ada.page.keyboard.press("ArrowRight")
    expect(ada.page.get_by_role("dialog", name="two.jpg")).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.page.locator("dialog.viewer[open]")).to_have_count(0)


def test_files_are_pasted_and_dropped(enter: Enter) -> None:
    ada = enter("ada")
    for count, way in enumerate(("paste", "drop"), 1):
        ada.page.evaluate(DROP, [way, "kite.txt", list(TEXT)])
        expect(ada.page.locator(".tray-file .file-name")).to_have_text("kite.txt")
        ada.page.get_by_role("button", name="Remove kite.txt").click()
        expect(ada.page.locator(".tray-file")).to_have_count(0)
        ada.page.evaluate(DROP, [way, f"{way}.txt", list(TEXT)])
        send(ada)
        ada.await_settled(count)
        expect(ada.page.locator(".message .file-name").last).to_have_text(f"{way}.txt")


def test_what_cannot_be_sent_is_said_at_its_place_and_the_text_stays(enter: Enter) -> None:
    ada = enter("ada")
    choose(ada, ("nothing.txt", b""))
    ada.field.fill("with this")
    expect(ada.page.get_by_role("alert")).to_have_text("This file is empty.")
    send(ada)
    assert ada.transcript == []
    expect(ada.field).to_have_value("with this")
    ada.page.get_by_role("button", name="Remove nothing.txt").click()
    send(ada)
    ada.await_settled(1)


def test_a_message_with_files_outlives_a_broken_line_and_a_reload(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    pieces: list[str] = []

    def broken(route: Route) -> None:
        pieces.append(route.request.headers.get("upload-offset", ""))
        route.abort()

    ada.page.route("**/api/v1/attachments/*/", broken)
    choose(ada, ("large.bin", bytes(3 * 1024 * 1024)))
    send(ada)
    expect(ada.page.locator(".message[data-pending] progress")).to_be_visible()
    ada.await_kept()
    ada.say("goes before it")
    ben.await_settled(1)
    expect(ada.page.locator(".message[data-pending]")).to_have_count(1)
    assert pieces
    ada.page.unroute_all()
    ada.page.reload()
    expect(ben.page.locator(".message .file-name")).to_have_text("large.bin")
    ada.await_settled(2)
    ben.await_settled(2)


def test_axe_finds_nothing_wrong_with_files(enter: Enter) -> None:
    ada, ben = enter("ada"), enter("ben")
    film = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(99)
    files = [("kite.jpg", PICTURE), ("notes.txt", TEXT), ("wind.ogg", b"OggS\0\2" + bytes(99)), ("kite.mp4", film)]
    for desk in (ada, ben):
        choose(desk, *files)
        send(desk)
    ada.await_settled(2)
    ada.page.route("**/api/v1/attachments/*/", lambda route: route.abort())
    choose(ada, ("waits.txt", TEXT))
    send(ada)
    choose(ada, ("empty.txt", b""), ("other.txt", TEXT))
    expect(ada.page.get_by_role("alert")).to_be_visible()
    ada.page.evaluate(AXE)
    assert violations_in_both(ada.page) == []
    ada.page.locator("a.picture").first.click()
    assert violations(ada.page) == []


def test_files_without_javascript(talk: Talk, windows: Callable[..., BrowserContext], enter: Enter) -> None:
    ada = Desk(windows(java_script_enabled=False).new_page())
    ada.log_in(talk.url, "ada")
    ada.page.goto(talk.address)
    choose(ada, ("kite.jpg", PICTURE), ("notes.txt", TEXT))
    ada.page.get_by_role("button", name="Send", exact=True).click()
    expect(ada.page.locator(".message.mine .picture-shown")).to_be_visible()
    expect(ada.page.locator(".message.mine .file-name")).to_have_text("notes.txt")
    assert shown(ada.page)
    choose(ada, ("more.txt", TEXT))
    ada.page.fill("textarea", "x" * 9_999)
    ada.page.get_by_role("button", name="Send", exact=True).click()
    expect(ada.page.locator(".message.mine .file-name").last).to_have_text("more.txt")
