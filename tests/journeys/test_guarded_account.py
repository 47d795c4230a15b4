"""People guard their accounts, lose a telephone, and come by invitation."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from tests.cast import PASSWORD
from tests.journeys.conftest import Desk, beside
from tests.live import LiveStack

STEP = 30  # seconds a code of the app is shown
SHUT = 2.0  # seconds in which a right that ended shows (PROTOCOL.md)
BUSY = 3.0  # seconds more for a page to be drawn on a busy machine
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def url(live_server_url: str) -> str:
    """Passkeys belong to a name; an address made of numbers has none."""
    return live_server_url.replace("127.0.0.1", "localhost")


@pytest.fixture
def ada(live_stack: LiveStack, url: str) -> User:
    return beside(lambda: live_stack.person("ada", is_staff=True))


def enter(windows: Callable[..., BrowserContext], url: str) -> Desk:
    desk = Desk(windows().new_page())
    desk.log_in(url, "ada")
    return desk


def confirm(page: Page) -> None:
    """The password is asked for once more."""
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Go on").click()


def codes(page: Page) -> list[str]:
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return page.locator(".codes code").all_inner_texts()


def log_out(page: Page, url: str) -> None:
    page.goto(f"{url}/settings/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.wait_for_url("**/accounts/login/**")
    page.goto(f"{url}/accounts/login/")  # that of the page's socket, if it hears first, leads back to where one was


def is_in(page: Page, url: str) -> None:
    expect(page).to_have_url(f"{url}/")
    expect(page.locator("chat-sidebar")).to_be_visible()


def test_a_passkey_logs_in_without_a_word_typed(url: str, ada: User, windows: Callable[..., BrowserContext]) -> None:
    page = enter(windows, url).page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{url}/settings/security/")
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.fill("[name=name]", "This laptop")
    page.get_by_role("button", name="Go on").click()
    assert len(codes(page)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("This laptop").first).to_be_visible()
    log_out(page, url)
    page.get_by_role("button", name="Log in with a passkey").click()
    is_in(page, url)


def test_a_passkey_that_is_not_there_is_said_where_one_asked_for_it(
    url: str, ada: User, windows: Callable[..., BrowserContext]
) -> None:
    page = windows().new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, "isUserVerified": False}})
    page.goto(f"{url}/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("Please try again"))


def test_who_lost_the_telephone_gets_in_with_a_recovery_code(
    url: str, ada: User, windows: Callable[..., BrowserContext]
) -> None:
    page = enter(windows, url).page
    page.goto(f"{url}/settings/security/")
    page.get_by_role("link", name="Set up").click()
    confirm(page)
    page.get_by_text("Cannot scan it?").click()
    secret = page.locator("details code").inner_text()
    page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // STEP)))
    page.get_by_role("button", name="Switch on").click()
    kept = codes(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == kept
    log_out(page, url)
    Desk(page).log_in(url, "ada")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.fill("[name=code]", kept[0])
    page.get_by_role("button", name="Log in", exact=True).click()
    is_in(page, url)
    page.goto(f"{url}/settings/security/")
    expect(page.get_by_text("9 left")).to_be_visible()


def test_by_an_invitation_to_the_first_message(url: str, ada: User, windows: Callable[..., BrowserContext]) -> None:
    host = enter(windows, url)
    host.page.goto(f"{url}/settings/invitations/")
    host.page.get_by_role("button", name="Make a link").click()
    link = host.page.locator(".copyable").inner_text()
    guest = Desk(windows().new_page())
    guest.page.goto(link)
    expect(guest.page).to_have_url(f"{url}/accounts/signup/")
    for name, value in {"username": "ben", "password1": PASSWORD}.items():
        guest.page.fill(f"[name={name}]", value)
    guest.page.get_by_role("button", name="Sign up", exact=True).click()
    is_in(guest.page, url)
    guest.page.goto(f"{url}/c/new/?q=ada")
    guest.page.locator(".list-row", has_text="@ada").click()
    guest.page.get_by_role("button", name="Start").click()
    guest.await_line()
    guest.say("Thank you for the invitation!")
    host.page.reload()
    expect(host.page.get_by_text("used up")).to_be_visible()
    host.page.goto(f"{url}/requests/")
    host.page.get_by_role("button", name="Accept messages from").click()
    guest.tick("Thank you for the invitation!", "read")


def test_ending_a_session_closes_what_it_has_open(url: str, ada: User, windows: Callable[..., BrowserContext]) -> None:
    desk, phone = enter(windows, url), enter(windows, url)
    phone.await_line()
    desk.page.goto(f"{url}/settings/sessions/")
    began = time.monotonic()
    desk.page.get_by_role("button", name="Log out everywhere but here").click()
    phone.page.wait_for_function("() => document.querySelector('#connection')?.dataset.state !== 'ready'")
    assert time.monotonic() - began < SHUT + BUSY
    phone.page.reload()
    expect(phone.page).to_have_url(re.compile("/accounts/login/"))
