"""Log-in by an OpenID Connect provider: a real one in this process, with all it may do wrong."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import get_user
from django.test import Client
from pytest_django import Settings

from accounts.models import Application, User
from accounts.services import addresses, invitations
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, Misdeeds, Person, Provider
from tests.cast import PASSWORD, Cast

LOG_IN = "/accounts/oidc/provider/login/"
SIGN_UP = "/accounts/provider/signup/"
LINK = "/accounts/oidc/link/"
VERIFY = "/accounts/confirm-email/"
STRANGER = Person(sub="7", email="fay@example.org", preferred_username="Fay")


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider, settings: Settings) -> Provider:
    """The site knows it by its three variables."""
    settings.OIDC_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = running.url, CLIENT_ID, CLIENT_SECRET
    settings.OIDC_NAME = "The Institute"
    running.person, running.misdeeds = Person(), Misdeeds()
    return running


def go(client: Client, query: str = "") -> object:
    """To the provider, through its log-in, and back. The answer of the way back."""
    page = client.post(LOG_IN + query)
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content
    back = requests.get(html.unescape(found[1]), allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(parts.path, {name: value[0] for name, value in parse_qs(parts.query).items()})


def connect(provider: Provider, user: User) -> None:
    SocialAccount.objects.create(user=user, provider="provider", uid=provider.person.sub)


def test_the_button_is_there_where_a_provider_is_named(client: Client, cast: Cast, provider: Provider) -> None:
    assert b"Log in with The Institute" in client.get("/accounts/login/").content


def test_without_the_variables_there_is_no_button_and_no_way(client: Client, cast: Cast) -> None:
    assert b"oidc" not in client.get("/accounts/login/").content
    assert client.get(LOG_IN).status_code == client.post(LOG_IN).status_code == 404


def test_a_link_alone_logs_nobody_in(client: Client, cast: Cast, provider: Provider) -> None:
    page = client.get(LOG_IN)
    assert page.status_code == 200 and b"<form" in page.content and b"http-equiv" not in page.content


@pytest.mark.usefixtures("anyone")
def test_someone_new_chooses_a_name_and_is_in(client: Client, cast: Cast, provider: Provider) -> None:
    provider.person = STRANGER
    assert go(client)["Location"] == SIGN_UP
    page = client.get(SIGN_UP)
    assert page.context["form"]["username"].value() == "Fay"
    client.post(SIGN_UP, {"username": "fay", "email": "somebody@else.example"})
    fay = User.objects.get(username="fay")
    assert get_user(client) == fay and fay.profile
    assert (fay.email, fay.is_verified) == ("fay@example.org", True), "the provider's word, not the form's"
    assert not fay.has_usable_password()
    again = Client()
    assert go(again)["Location"] == "/" and get_user(again) == fay


@pytest.mark.usefixtures("anyone", "mail_server")
@pytest.mark.parametrize("verified", [False, "false", None, 0, "no"])
def test_an_unproven_address_counts_as_unproven(
    client: Client, cast: Cast, provider: Provider, verified: object
) -> None:
    provider.person = Person(sub="7", email="fay@example.org", email_verified=verified)
    go(client)
    assert client.post(SIGN_UP, {"username": "fay", "email": "fay@example.org"})["Location"] == VERIFY
    fay = User.objects.get(username="fay")
    assert (fay.email, fay.is_verified) == ("fay@example.org", False)
    assert not get_user(client).is_authenticated


@pytest.mark.usefixtures("anyone")
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("verified", [False, "false", None])
def test_without_a_mail_server_an_unproven_address_is_neither_kept_nor_told(
    client: Client, cast: Cast, provider: Provider, verified: object, known: bool
) -> None:
    email = cast.ada.email if known else "fay@example.org"
    provider.person = Person(sub="7", email=email, email_verified=verified)
    assert go(client)["Location"] == SIGN_UP
    page = client.get(SIGN_UP).content.decode()
    assert 'name="username"' in page and 'name="email"' not in page and email not in page
    assert client.post(SIGN_UP, {"username": "fay", "email": email})["Location"] == "/"
    fay = get_user(client)
    assert isinstance(fay, User) and (fay.username, fay.address, fay.is_verified) == ("fay", "", False)
    assert EmailAddress.objects.get(user=fay).email == fay.email


@pytest.mark.usefixtures("anyone", "mail_server")
@pytest.mark.parametrize("verified", [False, "false", None])
def test_no_account_is_taken_over_by_an_unproven_address(
    client: Client, cast: Cast, provider: Provider, verified: object
) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    provider.person = Person(email_verified=verified)
    assert go(client)["Location"] == SIGN_UP
    response = client.post(SIGN_UP, {"username": "mallory", "email": cast.ada.email})
    assert response["Location"] == VERIFY, "as with any address"
    assert not User.objects.filter(username="mallory").exists()
    assert not get_user(client).is_authenticated
    assert not SocialAccount.objects.exists()
    assert client.get(LINK)["Location"].startswith("/accounts/login/")


def test_a_proven_address_is_not_enough_either(client: Client, cast: Cast, provider: Provider) -> None:
    assert go(client)["Location"] == f"/accounts/login/?next={LINK.replace('/', '%2F')}"
    assert not get_user(client).is_authenticated
    assert not SocialAccount.objects.exists()


def test_who_proves_the_account_as_well_connects_the_two(client: Client, cast: Cast, provider: Provider) -> None:
    there = go(client)["Location"]
    assert b"There is an account with your address here" in client.get(there).content
    assert client.post(there, {"login": "ada", "password": PASSWORD, "next": LINK})["Location"] == LINK
    assert b"Connect the two?" in client.get(LINK).content and not SocialAccount.objects.exists()
    client.post(LINK)
    assert SocialAccount.objects.get().user == cast.ada
    again = Client()
    go(again)
    assert get_user(again) == cast.ada


def test_who_logs_in_as_somebody_else_connects_nothing(client: Client, cast: Cast, provider: Provider) -> None:
    go(client)
    client.post("/accounts/login/", {"login": "eve", "password": PASSWORD})
    client.post(LINK)
    assert get_user(client) == cast.eve
    assert not SocialAccount.objects.exists()


def test_the_second_factor_is_asked_for_here_too(client: Client, cast: Cast, provider: Provider) -> None:
    connect(provider, cast.ada)
    TOTP.activate(cast.ada, generate_totp_secret())
    assert go(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not get_user(client).is_authenticated


def test_a_closed_account_stays_closed(client: Client, cast: Cast, provider: Provider) -> None:
    connect(provider, cast.ada)
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    assert go(client)["Location"] == "/accounts/inactive/"
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("mode", ["closed", "invite"])
def test_the_rules_of_sign_up_hold_for_those_who_come_from_the_provider(
    client: Client, cast: Cast, provider: Provider, settings: Settings, mode: str
) -> None:
    settings.CHAT_SIGNUP, provider.person = mode, STRANGER
    assert b"Sign-up is closed" in go(client).content
    assert client.post(SIGN_UP, {"username": "fay"}).status_code == 302
    assert not User.objects.filter(username="fay").exists()


def test_an_invitation_opens_this_way_too_and_is_used_up(
    client: Client, cast: Cast, provider: Provider, settings: Settings
) -> None:
    settings.CHAT_SIGNUP, provider.person = "invite", STRANGER
    made, secret = invitations.make(cast.dora, days=1, people=1)
    client.get(f"/join/{secret}/")
    go(client)
    client.post(SIGN_UP, {"username": "fay"})
    made.refresh_from_db()
    assert get_user(client).is_authenticated and made.uses == 1


@pytest.mark.parametrize("lets_in", [False, True])
def test_approval_is_asked_for_unless_the_site_trusts_the_provider(
    client: Client, cast: Cast, provider: Provider, settings: Settings, lets_in: bool
) -> None:
    settings.CHAT_SIGNUP, settings.OIDC_SIGNUP, provider.person = "approval", lets_in, STRANGER
    go(client)
    client.post(SIGN_UP, {"username": "fay"})
    assert get_user(client).is_authenticated is lets_in
    assert Application.objects.exists() is not lets_in


def test_a_site_that_trusts_the_provider_lets_its_people_in_though_sign_up_is_closed(
    client: Client, cast: Cast, provider: Provider, settings: Settings
) -> None:
    settings.OIDC_SIGNUP, provider.person = True, STRANGER
    go(client)
    client.post(SIGN_UP, {"username": "fay"})
    assert get_user(client).is_authenticated


WRONG = {
    "another key": Misdeeds(key=rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    "no signature": Misdeeds(key="", algorithm="none"),
    "a secret for a key": Misdeeds(key="k" * 32, algorithm="HS256"),
    "another issuer": Misdeeds(claims={"iss": "https://evil.example"}),
    "for another client": Misdeeds(claims={"aud": "somebody"}),
    "expired": Misdeeds(claims={"exp": 1_700_000_000}),
    "two people": Misdeeds(userinfo={"sub": "1"}),
    "no id token": Misdeeds(no_id_token=True),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_the_provider_did_not_sign_for_us_now_is_refused(
    client: Client, cast: Cast, provider: Provider, wrong: str
) -> None:
    connect(provider, cast.ada)
    provider.misdeeds = WRONG[wrong]
    response = go(client)
    assert response.status_code == 401 and b"That did not work" in response.content
    assert not get_user(client).is_authenticated


def test_an_answer_that_nobody_asked_for_is_refused(client: Client, cast: Cast, provider: Provider) -> None:
    """Log-in by somebody else's answer: the state belongs to the browser that began."""
    connect(provider, cast.ada)
    thief = Client()
    page = thief.post(LOG_IN).content.decode()
    found = re.search(r'url=([^"]+)"', page)
    assert found
    back = requests.get(html.unescape(found[1]), allow_redirects=False, timeout=5).headers["Location"]
    assert client.get(back.replace("http://testserver", "")).status_code == 401
    assert not get_user(client).is_authenticated


def test_a_provider_that_is_away_is_said(client: Client, cast: Cast, provider: Provider, settings: Settings) -> None:
    settings.OIDC_URL = "http://127.0.0.1:9"
    response = client.post(LOG_IN)
    assert response.status_code == 503 and b"That did not work" in response.content


def test_connected_and_disconnected_in_the_settings(client: Client, cast: Cast, provider: Provider) -> None:
    client.force_login(cast.ada)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert go(client, "?process=connect")["Location"] == "/settings/security/"
    account = SocialAccount.objects.get()
    assert account.user == cast.ada
    client.post("/accounts/provider/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_the_last_way_in_cannot_be_disconnected(client: Client, cast: Cast, provider: Provider) -> None:
    cast.ada.set_unusable_password()
    cast.ada.save()
    connect(provider, cast.ada)
    client.force_login(cast.ada)
    page = client.post("/accounts/provider/", {"account": SocialAccount.objects.get().pk})
    assert b"Choose a password first" in page.content
    assert SocialAccount.objects.exists()
