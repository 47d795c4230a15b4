"""A link gets a card while one looks on, and its sender takes it off again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.services import settings as own_settings
from chatsite import outside
from messaging.services import previews
from tests.journeys.conftest import Desk, Enter, Talk, beside
from tests.live import LiveStack
from tests.pictures import halves, saved
from tests.town import Site, Town, canary, site, town

__all__ = ["canary", "site", "town"]
LINK = "http://kites.test/fly"
PAGE = b"""<meta property="og:title" content="How to fly a kite when there is hardly any wind, and what to do when
there is too much of it on the beach"><meta property="og:site_name" content="Kite News"><meta name="description"
content="Strings, tails and patience: a guide for beginners, with twelve drawings and a list of beaches where nobody
minds."><meta property="og:image" content="/kite.png">"""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, settings: Any, site: Site, town: Town, live_stack: LiveStack) -> None:
    """The worker is in this process; the Internet is the town."""
    settings.LINK_PREVIEWS = True
    settings.MEDIA_ROOT = Path(live_stack.web.environment["CHAT_DATA_DIR"]) / "media"
    site.page("/fly", PAGE)
    site.page("/kite.png", saved(halves(900, 600), "PNG"), "image/png")
    monkeypatch.setattr(outside, "fetch", partial(outside.fetch, line=town))


def card(desk: Desk) -> Any:
    return desk.page.locator(".message .preview")


@pytest.mark.usefixtures("worker")
def test_a_card_comes_and_goes(enter: Enter, talk: Talk) -> None:
    ada, ben = enter("ada"), enter("ben")
    ada.say(f"Look: {LINK}")
    for desk in (ada, ben):
        desk.await_settled(1)
    message_id = ada.page.locator(".message").get_attribute("data-message-id") or ""
    assert beside(lambda: previews.make(message_id)) == 1
    for desk in (ada, ben):
        expect(card(desk).locator(".preview-source")).to_have_text("Kite News · kites.test")
        desk.page.wait_for_function("() => document.querySelector('.preview-picture')?.naturalWidth > 0")
        assert (
            desk.page.evaluate("() => -document.querySelector('chat-messages').scrollTop") == 0
        )  # the end is followed
    asked = ben.page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not [one for one in asked if "kites.test" in one]
    expect(ben.page.locator(".preview-drop")).to_be_hidden()
    beside(lambda: own_settings.update(talk.ben.chat_id, {"link_previews": False}))
    ben.open(ben.page.url)
    expect(card(ben)).to_be_hidden()
    ada.page.locator(".message").hover()
    ada.page.get_by_role("link", name="Remove previews").click()
    expect(card(ada)).to_have_count(0)
    expect(card(ben)).to_have_count(0)
