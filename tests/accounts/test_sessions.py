"""Where one is signed in: listed for oneself, ended by oneself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.core.cache import caches
from django.test import Client

from accounts.services import devices, housekeeping, sessions, tokens
from tests.cast import PASSWORD, Cast

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def browser(name: str, **headers: str) -> Client:
    client = Client(**headers)
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert get_user(client).is_authenticated
    return client


@pytest.fixture
def desk(cast: Cast) -> Client:
    return browser("ada", HTTP_USER_AGENT=DESK, REMOTE_ADDR="192.0.2.77")


@pytest.fixture
def phone(cast: Cast) -> Client:
    return browser("ada", HTTP_USER_AGENT=PHONE, REMOTE_ADDR="2001:db8:1:2::3")


def key(client: Client) -> str:
    return str(client.session.session_key)


def row(client: Client) -> int:
    return UserSession.objects.get(session_key=key(client)).pk


def test_each_browser_is_listed_with_device_and_net_and_this_one_first(desk: Client, phone: Client, cast: Cast) -> None:
    listed = sessions.browsers(cast.ada, key(desk))
    assert [(one.device, one.place, one.current) for one in listed] == [
        ("Firefox on Linux", "192.0.2.0/24", True),
        ("Safari on iPhone", "2001:db8:1::/48", False),
    ]
    page = desk.get("/settings/sessions/").content.decode()
    assert "Safari on iPhone" in page and "192.0.2.77" not in page


def test_a_session_made_without_the_form_is_listed_once_it_is_used(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ada)
    client.get("/settings/")
    assert len(sessions.browsers(cast.ada, key(client))) == 1


def test_being_seen_is_written_down_every_five_minutes(
    desk: Client,
) -> None:
    desk.get("/settings/")
    first = UserSession.objects.get().last_seen_at
    desk.get("/settings/")
    assert UserSession.objects.get().last_seen_at == first
    sessions._noted.clear()
    desk.get("/settings/")
    assert UserSession.objects.get().last_seen_at > first


def test_ending_one_signs_that_browser_out_and_its_sockets_are_asked(
    desk: Client, phone: Client, cast: Cast, ended: list[str], django_capture_on_commit_callbacks: Callable
) -> None:
    phone_key = key(phone)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/settings/sessions/{row(phone)}/end/")
    assert ended == [cast.ada.chat_id]
    assert not get_user(phone).is_authenticated and get_user(desk) == cast.ada
    assert not caches["sessions"].get(f"django.contrib.sessions.cached_db{phone_key}"), "the cached copy lives on"


def test_nobody_ends_the_session_of_another(desk: Client, cast: Cast) -> None:
    eve = browser("eve")
    assert eve.post(f"/settings/sessions/{row(desk)}/end/").status_code == 404
    assert get_user(desk) == cast.ada


def test_all_others_end_at_once_and_the_clients_of_the_api_with_them(
    desk: Client, phone: Client, cast: Cast, ended: list[str], django_capture_on_commit_callbacks: Callable
) -> None:
    tokens.issue(cast.ada, "curl")
    ben = browser("ben")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/settings/sessions/others/end/")
    assert ended == [cast.ada.chat_id]
    assert get_user(desk) == cast.ada and get_user(ben) == cast.ben
    assert not get_user(phone).is_authenticated
    assert tokens.families(cast.ada.chat_id) == []


def test_what_is_over_is_listed_no_more(desk: Client, phone: Client, cast: Cast) -> None:
    desk.post("/accounts/logout/")
    assert [one.device for one in sessions.browsers(cast.ada, None)] == ["Safari on iPhone"]


def test_rows_without_a_session_are_cleared_away_at_night(desk: Client, phone: Client) -> None:
    desk.session.delete(key(desk))
    housekeeping.forget_expired_sessions()
    assert UserSession.objects.get().session_key == key(phone)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari on macOS"),
        ("curl/8.9", "curl"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_called_as_their_owners_call_them(agent: str, words: str) -> None:
    assert devices.describe(agent) == words


@pytest.mark.parametrize(
    ("address", "net"), [("198.51.100.23", "198.51.100.0/24"), ("2001:db8::1", "2001:db8::/48"), ("x", "x")]
)
def test_an_address_is_shown_as_its_net(address: str, net: str) -> None:
    assert sessions.coarse(address) == net
