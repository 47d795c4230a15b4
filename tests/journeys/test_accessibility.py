"""axe-core finds nothing wrong with the pages, in light and in dark, on a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize

from accounts.services import relationships
from chatsite.clock import now
from messaging.services import messages, saving, scheduling
from tests.cast import PASSWORD, acquaint
from tests.journeys.conftest import Desk, beside
from tests.live import LiveStack

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
FIND = """async (options) => {
    const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 160)]))
}"""
"""What passes is a hundred times longer, and is left on the page."""
PHONE: ViewportSize = {"width": 390, "height": 844}
OUTSIDE = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/inactive/",
    "/join/there-is-no-such-link/",
    "/left/",
    "/offline/",
    "/nowhere/",
]
INSIDE = [
    "/",
    "/requests/",
    "/search/",
    "/search/?q=from:me%20has:cheese%20red%20ki",
    "/search/?q=xylophone",
    "/c/new/",
    "/rooms/",
    "/rooms/?search=cheese",
    "/g/there-is-no-such-link/",
    "/archive/",
    "/saved/",
    "/scheduled/",
    "/people/",
    "/people/?q=e",
    "/people/ada/",
    "/people/ben/",
    "/people/cleo/",
    "/people/eve/",
    "/profile/",
    "/settings/",
    "/settings/security/",
    "/settings/sessions/",
    "/settings/invitations/",
    "/settings/applications/",
    "/settings/data/",
    "/settings/leave/",
    "/accounts/password/change/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/logout/",
    "/notifications/",
    "/shortcuts/",
    "/notifications/preferences/",
    "/nowhere/",
]
NARROW = ["/", "/search/", "/people/ben/", "/profile/", "/settings/", "/settings/security/"]


@pytest.fixture
def address(live_server_url: str, live_stack: LiveStack) -> str:
    beside(lambda: _people(live_stack))
    return live_server_url


def _people(stack: LiveStack) -> None:
    """ada is of the staff; ben talks with her, cleo is blocked, dora asks to be a friend, eve writes as a stranger."""
    ada = stack.person("ada", is_staff=True, is_superuser=True)
    ben, cleo, dora, _eve = (stack.person(name) for name in ("ben", "cleo", "dora", "eve"))
    talk = acquaint(ada, ben)
    kite = messages.send(ada.chat_id, talk.id, uuid4(), "A red kite").message
    saving.save(ada.chat_id, kite.id)
    scheduling.schedule(ada.chat_id, talk.id, uuid4(), "A blue one", now() + timedelta(days=1))
    relationships.block(ada.chat_id, cleo.chat_id)
    relationships.request(dora.chat_id, ada.chat_id)


@pytest.fixture
def page(windows: Callable[..., BrowserContext]) -> Page:
    """A page that has axe in it, wherever it goes."""
    page = windows().new_page()
    page.add_init_script(AXE)
    return page


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds, by these rules or all: the rule, and where."""
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found: Any = page.evaluate(FIND, options)
    return [f"{rule}: {html}" for rule, html in found]


def violations_in_both(page: Page) -> list[str]:
    """In light and in dark, where nothing but colours differs."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    seen = violations(page)
    page.emulate_media(color_scheme="dark")
    return seen + violations(page, ["color-contrast"])


def wrong(page: Page, url: str, paths: list[str]) -> dict[str, list[str]]:
    """By path."""
    found = {}
    for path in paths:
        page.goto(url + path)
        assert page.url == url + path, "sent elsewhere"
        if seen := violations_in_both(page):
            found[path] = seen
    return found


def test_what_is_wrong_is_found(address: str, page: Page) -> None:
    page.goto(f"{address}/accounts/login/")
    page.evaluate("""() => document.querySelector("main").append(document.createElement("input"))""")
    assert any(one.startswith("label: ") for one in violations(page))
    page.evaluate("""() => { document.querySelector("h1").style.cssText = "color: #777; background: #888" }""")
    assert any(one.startswith("color-contrast: ") for one in violations(page, ["color-contrast"]))


def test_pages_for_everyone(address: str, page: Page) -> None:
    assert wrong(page, address, OUTSIDE) == {}


def test_pages_for_who_is_signed_in(address: str, page: Page) -> None:
    Desk(page).log_in(address, "ada")
    page.goto(f"{address}/accounts/2fa/totp/activate/")  # once more, before what guards the account
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/totp/activate/")
    assert wrong(page, address, INSIDE) == {}
    page.set_viewport_size(PHONE)
    assert wrong(page, address, NARROW) == {}
