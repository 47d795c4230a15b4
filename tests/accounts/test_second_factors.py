"""Two-step log-in: the authenticator app, recovery codes, and asking again before what guards an account changes."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import User
from accounts.services import second_factors, sessions
from chatsite.cache import RedisCache
from tests.cast import PASSWORD, Cast

SECRET = generate_totp_secret()
STEP = 30  # seconds
CREDENTIALS = {"login": "ada", "password": PASSWORD}


def code(steps: int = 0) -> str:
    """What the app shows now, or some steps from now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // STEP + steps))


@pytest.fixture
def guarded(cast: Cast) -> list[str]:
    """Ada has an authenticator app. Her recovery codes."""
    TOTP.activate(cast.ada, SECRET)
    return RecoveryCodes.activate(cast.ada).get_unused_codes()


def half_in(client: Client) -> None:
    """The password has been given, the code not yet."""
    assert client.post("/accounts/login/", CREDENTIALS)["Location"] == "/accounts/2fa/authenticate/"
    assert not get_user(client).is_authenticated


def prove(client: Client) -> None:
    client.force_login(User.objects.get(username="ada"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_the_password_alone_is_not_enough(client: Client, cast: Cast, guarded: list[str]) -> None:
    half_in(client)
    assert client.get("/")["Location"].startswith("/accounts/login/")
    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code is not right" in page.context["form"].errors["code"][0]
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert get_user(client) == cast.ada


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_off_by_one_step(client: Client, cast: Cast, guarded: list[str], steps: int) -> None:
    half_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(steps)})
    assert get_user(client) == cast.ada


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_clock_that_is_off_by_more_is_refused(client: Client, cast: Cast, guarded: list[str], steps: int) -> None:
    half_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(steps)})
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("redis", ["there", "away"])
def test_a_code_works_once_however_long_the_app_shows_it(
    cast: Cast, guarded: list[str], monkeypatch: pytest.MonkeyPatch, redis: str
) -> None:
    """allauth forgets a used code after 30 s; with a tolerance of a step on either side it works for 90."""
    monkeypatch.setattr(RedisCache, "_down_until", float("inf") if redis == "away" else 0.0)
    monkeypatch.setattr(TOTP, "_mark_code_used", lambda self, code: True)  # as after those 30 s
    shown, clients = code(), (Client(), Client())
    for each in clients:
        half_in(each)
        each.post("/accounts/2fa/authenticate/", {"code": shown})
    assert [get_user(each).is_authenticated for each in clients] == [True, False]


def test_a_recovery_code_replaces_a_lost_telephone_once(client: Client, cast: Cast, guarded: list[str]) -> None:
    half_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": guarded[0]})
    assert get_user(client) == cast.ada
    again = Client()
    half_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": guarded[0]})
    assert not get_user(again).is_authenticated
    assert second_factors.protection(cast.ada).codes == len(guarded) - 1


def test_setting_it_up_shows_the_recovery_codes_this_once(client: Client, cast: Cast) -> None:
    prove(client)
    page = client.get("/accounts/2fa/totp/activate/")
    assert b'src="data:image/svg+xml' in page.content and b"style=" not in page.content
    secret = page.context["form"].secret
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // STEP))
    assert client.post("/accounts/2fa/totp/activate/", {"code": shown})["Location"] == "/accounts/2fa/recovery-codes/"
    assert not second_factors.first_use(cast.ada, shown), "who has seen it could log in with it"
    first, second = (client.get("/accounts/2fa/recovery-codes/").content.decode() for _ in range(2))
    codes = re.findall(r"<code>(\d{8})</code>", first)
    assert len(codes) == 10 and "%0A".join(codes) in first
    assert not [one for one in codes if one in second]
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403


def test_new_recovery_codes_end_the_old_ones(client: Client, cast: Cast, guarded: list[str]) -> None:
    prove(client)
    client.post("/accounts/2fa/recovery-codes/generate/")
    fresh = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert len(fresh) == 10 and not set(fresh) & set(guarded)


@pytest.mark.parametrize(
    "address",
    ["totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/add/"],
)
def test_what_guards_an_account_changes_only_after_asking_again(client: Client, cast: Cast, address: str) -> None:
    if address != "totp/activate/":
        TOTP.activate(cast.ada, SECRET)
        RecoveryCodes.activate(cast.ada)
    client.force_login(cast.ada)
    before = Authenticator.objects.count()
    for response in (client.get(f"/accounts/2fa/{address}"), client.post(f"/accounts/2fa/{address}", {"code": "1"})):
        assert response.status_code in (302, 405)
        if response.status_code == 302:
            assert "reauthenticate" in response["Location"]
    assert Authenticator.objects.count() == before


def test_switching_it_off_takes_the_recovery_codes_along(client: Client, cast: Cast, guarded: list[str]) -> None:
    prove(client)
    assert client.post("/accounts/2fa/totp/deactivate/")["Location"] == "/accounts/2fa/"
    assert not second_factors.asked_of(cast.ada)
    assert not Authenticator.objects.exists()


def test_the_api_asks_for_the_code_too_and_takes_each_once(client: Client, cast: Cast, guarded: list[str]) -> None:
    def ask(**more: str) -> tuple[int, str]:
        answer = client.post("/api/v1/auth/token/", CREDENTIALS | more, "application/json")
        return answer.status_code, answer.json().get("code", "")

    shown = code()
    assert ask() == (401, "otp_required")
    assert ask(otp="000000") == (401, "otp_invalid")
    assert ask(otp=shown) == (200, "")
    assert ask(otp=shown) == (401, "otp_invalid")
    assert ask(otp=guarded[3]) == (200, "")
    assert ask(password="wrong wrong wrong", otp=guarded[4]) == (401, "invalid_credentials")


def test_the_administrators_log_in_asks_for_it_too(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.ada.pk).update(is_staff=True)
    TOTP.activate(cast.ada, SECRET)
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")
    half_in(client)
    assert client.get("/admin/").status_code == 302


def test_an_administrator_helps_who_has_lost_it_all(client: Client, cast: Cast, guarded: list[str]) -> None:
    User.objects.filter(pk=cast.dora.pk).update(is_superuser=True)
    elsewhere = Client()
    elsewhere.force_login(cast.ada)
    elsewhere.get("/settings/")
    client.force_login(User.objects.get(pk=cast.dora.pk))
    selected = {"action": "forget_second_factors", "_selected_action": [str(cast.ada.pk)]}
    client.post("/admin/accounts/user/", selected)
    assert not second_factors.asked_of(cast.ada)
    assert not get_user(elsewhere).is_authenticated
    assert sessions.browsers(cast.ada, None) == []


def test_nobody_sees_anothers_secrets_in_the_admin(client: Client, cast: Cast, guarded: list[str]) -> None:
    User.objects.filter(pk=cast.dora.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=cast.dora.pk))
    for address in ("mfa/authenticator", "usersessions/usersession", "socialaccount/socialaccount"):
        assert client.get(f"/admin/{address}/").status_code == 404
