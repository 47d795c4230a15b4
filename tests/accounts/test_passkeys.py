"""Passkeys: added, named, removed; logging in with one, and as the second step after a password."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.authenticator import SoftwareAuthenticator
from tests.cast import PASSWORD, Cast


@pytest.fixture
def passkey(cast: Cast) -> SoftwareAuthenticator:
    """Ada has a passkey."""
    return add(Client(), cast.ada, "telephone")


def add(client: Client, user: User, name: str) -> SoftwareAuthenticator:
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    device = SoftwareAuthenticator()
    options = client.get("/accounts/2fa/webauthn/add/").context["js_data"]["creation_options"]
    sent = {"name": name, "credential": json.dumps(device.create(options)), "passwordless": "on"}
    client.post("/accounts/2fa/webauthn/add/", sent)
    return device


def options(client: Client) -> Any:
    return client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json").json()["request_options"]


def log_in(client: Client, credential: dict[str, Any]) -> Any:
    return client.post("/accounts/2fa/webauthn/login/", {"credential": json.dumps(credential)})


def test_a_passkey_logs_in_without_name_and_password(
    client: Client, cast: Cast, passkey: SoftwareAuthenticator
) -> None:
    assert log_in(client, passkey.get(options(client)))["Location"] == "/"
    assert get_user(client) == cast.ada


def test_one_that_is_not_hers_does_not(client: Client, cast: Cast, passkey: SoftwareAuthenticator) -> None:
    other = SoftwareAuthenticator()
    assert log_in(client, other.get(options(client), user=passkey.user))["Location"] == "/accounts/login/"
    assert not get_user(client).is_authenticated


def test_an_answer_works_for_one_challenge_only(client: Client, cast: Cast, passkey: SoftwareAuthenticator) -> None:
    answer = passkey.get(options(client))
    log_in(client, answer)
    again = Client()
    options(again)
    log_in(again, answer)
    assert not get_user(again).is_authenticated


def test_a_closed_account_does_not_get_in_by_passkey(
    client: Client, cast: Cast, passkey: SoftwareAuthenticator
) -> None:
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    assert log_in(client, passkey.get(options(client)))["Location"] == "/accounts/inactive/"
    assert not get_user(client).is_authenticated


def test_it_is_the_second_step_after_a_password_too(client: Client, cast: Cast, passkey: SoftwareAuthenticator) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert not get_user(client).is_authenticated
    asked = client.get("/accounts/2fa/authenticate/").context["js_data"]["request_options"]
    client.post("/accounts/2fa/authenticate/", {"credential": json.dumps(passkey.get(asked))})
    assert get_user(client) == cast.ada


def test_clients_of_the_api_give_a_recovery_code_instead(
    client: Client, cast: Cast, passkey: SoftwareAuthenticator
) -> None:
    credentials = {"login": "ada", "password": PASSWORD}
    answer = client.post("/api/v1/auth/token/", credentials, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "otp_required")
    (code, *_) = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert client.post("/api/v1/auth/token/", credentials | {"otp": code}, "application/json").status_code == 200


def test_it_has_a_name_which_its_owner_changes(client: Client, cast: Cast) -> None:
    add(client, cast.ada, "<b>telephone</b>")
    assert b"&lt;b&gt;telephone&lt;/b&gt;" in client.get("/settings/security/").content
    passkey = Authenticator.objects.get(type="webauthn")
    client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/edit/", {"name": "key ring"})
    assert b"key ring" in client.get("/settings/security/").content
    client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/")
    assert not Authenticator.objects.exists(), "recovery codes without anything to recover"


def test_nobody_touches_the_passkey_of_another(client: Client, cast: Cast, passkey: SoftwareAuthenticator) -> None:
    hers = Authenticator.objects.get(type="webauthn")
    add(client, cast.eve, "mine")
    for verb in ("edit", "remove"):
        assert client.post(f"/accounts/2fa/webauthn/keys/{hers.pk}/{verb}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=hers.pk).exists()


def test_it_belongs_to_the_name_people_know_the_site_by(client: Client, cast: Cast, settings: Settings) -> None:
    settings.CHAT_URL = "https://chat.example.org"
    assert options(client)["publicKey"]["rpId"] == "chat.example.org"


NONSENSE = ["", "{}", "[]", "null", "\0", '{"id": 1}', '{"response": {"userHandle": "x"}}']
NONSENSE += ['{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "e30"}}']


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_is_refused(client: Client, cast: Cast, credential: str) -> None:
    options(client)
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})
    assert response["Location"] == "/accounts/login/"


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("text", ["", "AA", "e30", "_" * 60, "ÿ", 7, None])
def test_a_broken_answer_is_refused(
    client: Client, cast: Cast, passkey: SoftwareAuthenticator, part: str, text: object
) -> None:
    answer = passkey.get(options(client))
    answer["response"][part] = text
    assert log_in(client, answer)["Location"] == "/accounts/login/"
