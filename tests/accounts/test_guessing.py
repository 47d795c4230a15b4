"""SECURITY.md A9: guessing passwords and codes leads nowhere, and does not keep the owner out."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client
from redis.exceptions import RedisError

from accounts.hashers import Argon2
from accounts.models import User
from accounts.services import addresses
from chatsite.cache import CacheClient, RedisCache
from tests.accounts.conftest import last_code
from tests.accounts.test_passkeys import add, log_in, options
from tests.cast import PASSWORD, Cast, person
from tests.emptying import forget_redis

TRIES = 5  # per account in five minutes
PER_ADDRESS = 10  # in a minute, whatever the account
NAMES = ("ada", "ADA", "ada@example.org", " Ada@Example.org")
PAGES = 10  # one guess in so many goes by the page, which takes longer to draw than the API to answer
HOSTS = ("testserver", "localhost", "127.0.0.1")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each password that was held against an account."""
    log: list[str] = []

    def verify(self: Argon2, password: str, encoded: str) -> bool:
        log.append(password)
        return password == PASSWORD

    monkeypatch.setattr(Argon2, "verify", verify)
    monkeypatch.setattr(Argon2, "encode", lambda self, password, salt: "argon2$" + password)
    return log


@pytest.fixture(params=["there", "away"])
def redis(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With Redis, and while it is away: then what this process has counted decides."""
    monkeypatch.setattr(RedisCache, "_down_until", float("inf") if request.param == "away" else 0.0)


class Crowd:
    """Guessers at a thousand addresses, each with a browser of their own: one client, since making one takes long."""

    def __init__(self) -> None:
        self._client = Client()

    def by_page(self, number: int, login: str, password: str) -> bool:
        """A guess, under one of the site's names. Whether it got in."""
        self._post(number, "/accounts/login/", {"login": login, "password": password})
        return "_auth_user_id" in self._client.session

    def by_api(self, number: int, login: str, password: str, **more: str) -> bool:
        credentials = {"login": login, "password": password, **more}
        return self._post(number, "/api/v1/auth/token/", credentials, content_type="application/json") == 200

    def code_by_page(self, number: int, user: User, code: str) -> None:
        self._client.force_login(user)
        self._client.post("/accounts/2fa/reauthenticate/", {"code": code}, REMOTE_ADDR=_address(number))

    def _post(self, number: int, path: str, fields: dict[str, str], **options: str) -> int:
        self._client.cookies.clear()
        where = {"REMOTE_ADDR": _address(number), "HTTP_HOST": HOSTS[number % len(HOSTS)]}
        return self._client.post(path, fields, **options, **where).status_code


def _address(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250}"


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


def guess(crowd: Crowd, count: int) -> None:
    """By name and address, page and API, from as many addresses; none gets in."""
    for number in range(count):
        door = crowd.by_page if number % PAGES == 0 else crowd.by_api
        assert not door(number, NAMES[number % len(NAMES)], f"guess number {number}")


def test_of_a_hundred_guesses_at_one_account_five_count(
    cast: Cast, checked: list[str], crowd: Crowd, redis: None
) -> None:
    """A thousand are tried in tests/faults/test_guessing.py."""
    guess(crowd, 100)
    assert len(checked) == TRIES


def test_what_was_counted_while_redis_was_away_counts_when_it_is_back(
    cast: Cast, checked: list[str], crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        monkeypatch.setattr(RedisCache, "_down_until", float("inf") if number < 3 or 10 < number < 15 else 0.0)
        assert not crowd.by_api(number, "ada", f"guess number {number}")
    assert len(checked) == TRIES


def test_a_guess_that_is_right_comes_too_late(cast: Cast, checked: list[str], crowd: Crowd, redis: None) -> None:
    for number in range(TRIES):
        crowd.by_page(number, "ada", "wrong wrong wrong")
    assert not crowd.by_page(TRIES, "ada", PASSWORD)
    assert not crowd.by_api(TRIES, "ada@example.org", PASSWORD)


def one_password(count: int, password_hash: str) -> None:
    """For so many accounts, from one address. It opens none."""
    for number in range(count):
        person(f"person{number}", password_hash)
    client = Client()
    for number in range(count):
        client.post("/accounts/login/", {"login": f"person{number}", "password": "the most common one"})
    assert "_auth_user_id" not in client.session


def codes(crowd: Crowd, user: User, count: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whoever has the password guesses at the six digits: on the page and by the API, each with a new session. The
    codes that were held against the account's."""
    TOTP.activate(user, generate_totp_secret())
    held: list[str] = []

    def validate(self: TOTP, code: str) -> bool:
        held.append(code)
        return False

    monkeypatch.setattr(TOTP, "validate_code", validate)
    for number in range(count):
        if number % PAGES == 0:
            crowd.code_by_page(number, user, f"{number:06}")
        else:
            assert not crowd.by_api(number, user.username, PASSWORD, otp=f"{number:06}")
    return held


@pytest.mark.django_db
def test_one_password_for_a_hundred_accounts_is_tried_ten_times_in_a_minute(
    checked: list[str], password_hash: str
) -> None:
    """By the time all are tried, people have noticed."""
    one_password(100, password_hash)
    assert len(checked) == PER_ADDRESS


def test_of_a_hundred_codes_after_a_stolen_password_five_count(
    cast: Cast, checked: list[str], crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(codes(crowd, cast.ada, 100, monkeypatch)) == TRIES


def test_what_redis_lost_while_nobody_asked_is_counted_by_who_knows_it(
    cast: Cast, checked: list[str], crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went away after the tries that count and came back empty; meanwhile all were refused, so none was written."""
    for number in range(TRIES):
        assert not crowd.by_api(number, "ada", f"guess number {number}")
    with monkeypatch.context() as away:
        away.setattr(CacheClient, "get_client", _no_redis)
        assert not crowd.by_api(TRIES, "ada", "guess number five")
    monkeypatch.setattr(RedisCache, "_down_until", 0.0)
    forget_redis()
    guess(crowd, 20)
    assert len(checked) == TRIES


def _no_redis(*_: object, **__: object) -> None:
    raise RedisError("Redis does not answer")


def test_the_owner_logs_in_by_passkey_meanwhile(cast: Cast, crowd: Crowd, redis: None) -> None:
    device = add(Client(), cast.ada, "telephone")
    for number in range(TRIES + 1):
        crowd.by_page(number, "ada", "wrong wrong wrong")
    owner = Client()
    log_in(owner, device.get(options(owner)))
    assert get_user(owner) == cast.ada


@pytest.mark.usefixtures("mail_server")
def test_the_owner_logs_in_by_a_mailed_code_meanwhile(cast: Cast, crowd: Crowd, redis: None) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    for number in range(TRIES + 1):
        crowd.by_page(number, "ada", "wrong wrong wrong")
    owner = Client()
    owner.post("/accounts/login/code/", {"email": "ada@example.org"})
    owner.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert get_user(owner) == cast.ada


@pytest.mark.usefixtures("mail_server")
def test_a_mailed_code_is_tried_three_times(cast: Cast) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    thief = Client()
    thief.post("/accounts/login/code/", {"email": "ada@example.org"})
    for _ in range(3):
        thief.post("/accounts/login/code/confirm/", {"code": "BBBB-BBBB"})
    thief.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert not get_user(thief).is_authenticated


def test_who_is_locked_out_gets_in_again_after_five_minutes(
    cast: Cast, checked: list[str], crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(TRIES + 1):
        crowd.by_page(number, "ada", "wrong wrong wrong")
    clock = time.time
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: clock() + 301)
    assert crowd.by_page(7, "ada", PASSWORD)


def test_what_was_counted_with_redis_still_counts_when_it_goes(
    cast: Cast, checked: list[str], crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(TRIES):
        crowd.by_page(number, "ada", "wrong wrong wrong")
    monkeypatch.setattr(RedisCache, "_down_until", float("inf"))
    assert not crowd.by_page(TRIES, "ada", PASSWORD)
    assert cache.get("anything else", "forgotten") == "forgotten"
