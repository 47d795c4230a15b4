"""Codes by mail: proving an address, another address, a new password, logging in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate, get_user
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services import addresses, tokens
from tests.accounts.conftest import last_code
from tests.cast import PASSWORD, Cast

NEW = {"username": "fay", "email": "fay@example.org", "password1": "seven small purple boats"}
VERIFY = "/accounts/confirm-email/"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("mail_server", "anyone")
def test_one_is_in_when_the_code_from_ones_mail_comes_back(client: Client) -> None:
    assert client.post("/accounts/signup/", NEW)["Location"] == VERIFY
    fay = User.objects.get()
    assert not get_user(client).is_authenticated and not fay.is_verified
    wrong = client.post(VERIFY, {"code": "BBBB-BBBB"})
    assert "This code is not right" in wrong.context["form"].errors["code"][0]
    response = client.post(VERIFY, {"code": last_code().replace("-", "").lower()})
    assert (response["Location"], get_user(client)) == ("/", fay)
    fay.refresh_from_db()
    assert fay.is_verified


@pytest.mark.django_db
@pytest.mark.usefixtures("mail_server", "anyone")
def test_three_wrong_codes_end_it_and_the_right_one_comes_too_late(client: Client) -> None:
    client.post("/accounts/signup/", NEW)
    code = last_code()
    for _ in range(3):
        client.post(VERIFY, {"code": "BBBB-BBBB"})
    client.post(VERIFY, {"code": code})
    assert not get_user(client).is_authenticated
    assert not User.objects.get().is_verified


@pytest.mark.django_db
@pytest.mark.usefixtures("anyone")
def test_without_a_mail_server_nothing_is_asked_and_nobody_counts_as_verified(client: Client) -> None:
    assert client.post("/accounts/signup/", NEW)["Location"] == "/"
    fay = get_user(client)
    assert isinstance(fay, User) and not fay.is_verified
    assert not mail.outbox


@pytest.mark.usefixtures("mail_server")
def test_a_client_of_the_api_does_not_get_round_the_code(client: Client, cast: Cast) -> None:
    credentials = {"login": "ada", "password": PASSWORD}
    assert client.post("/api/v1/auth/token/", credentials, "application/json").status_code == 403
    addresses.put(cast.ada, cast.ada.email, verified=True)
    assert client.post("/api/v1/auth/token/", credentials, "application/json").status_code == 200


def test_another_address_is_ones_own_when_its_code_comes_back(ada: Client, cast: Cast, mail_server: None) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    response = ada.post("/accounts/email/", {"email": "Augusta@example.org", "action_add": ""})
    assert response["Location"] == VERIFY
    assert User.objects.get(pk=cast.ada.pk).email == "ada@example.org"
    assert mail.outbox[-1].to == ["augusta@example.org"]
    ada.post(VERIFY, {"code": last_code()})
    changed = User.objects.get(pk=cast.ada.pk)
    assert (changed.email, changed.is_verified) == ("augusta@example.org", True)
    assert EmailAddress.objects.get(user=cast.ada).email == "augusta@example.org"
    assert mail.outbox[-1].to == ["ada@example.org"], "the old address was not told"


def test_nobody_takes_the_address_of_another(ada: Client, cast: Cast, mail_server: None) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    assert ada.post("/accounts/email/", {"email": "ben@example.org", "action_add": ""})["Location"] == VERIFY
    assert ada.post(VERIFY, {"code": last_code()}).status_code == 200
    assert User.objects.get(pk=cast.ada.pk).email == "ada@example.org"


def test_without_a_mail_server_nobody_changes_an_address_and_the_page_says_who_does(ada: Client, cast: Cast) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    sent = [{"email": f"{name}@example.org", "action_add": ""} for name in ("ben", "augusta")]
    pages = [ada.get("/accounts/email/"), *(ada.post("/accounts/email/", one) for one in sent)]
    assert all(b"Administrators set addresses" in page.content and b"<form" not in main(page) for page in pages)
    assert main(pages[1]) == main(pages[2]), "whether somebody has the address"
    kept = User.objects.get(pk=cast.ada.pk)
    assert (kept.email, kept.is_verified) == ("ada@example.org", True)


def main(page: HttpResponse) -> bytes:
    return page.content.partition(b"<main")[2].partition(b"</main>")[0]


@pytest.mark.usefixtures("mail_server")
def test_changing_the_address_asks_for_the_password_first(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    response = client.post("/accounts/email/", {"email": "augusta@example.org", "action_add": ""})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=cast.ada.pk).email == "ada@example.org"


def test_verified_follows_allauths_table_in_both_directions(cast: Cast) -> None:
    addresses.put(cast.ada, "ada@example.org", verified=True)
    assert User.objects.get(pk=cast.ada.pk).is_verified
    EmailAddress.objects.get(user=cast.ada).delete()
    assert not User.objects.get(pk=cast.ada.pk).is_verified


@pytest.mark.usefixtures("mail_server")
def test_a_forgotten_password_is_replaced_by_a_code_and_ends_other_sessions(client: Client, cast: Cast) -> None:
    addresses.put(cast.ada, cast.ada.email, verified=True)
    tokens.issue(cast.ada)
    elsewhere = Client()
    elsewhere.force_login(cast.ada)
    client.post("/accounts/password/reset/", {"email": "ADA@example.org"})
    assert mail.outbox[-1].to == ["ada@example.org"]
    client.post("/accounts/password/reset/confirm/", {"code": last_code()})
    response = client.post("/accounts/password/reset/complete/", {"password1": "another long pass phrase"})
    assert (response.status_code, get_user(client)) == (302, cast.ada)
    assert authenticate(None, username="ada", password="another long pass phrase") == cast.ada
    assert not get_user(elsewhere).is_authenticated
    assert not tokens.families(cast.ada.chat_id)


@pytest.mark.usefixtures("mail_server")
def test_a_code_logs_its_owner_in_without_a_password(client: Client, cast: Cast) -> None:
    addresses.put(cast.ada, cast.ada.email)
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": last_code()})
    assert get_user(client) == cast.ada
    assert User.objects.get(pk=cast.ada.pk).is_verified, "the code came to the address"


def test_a_new_password_ends_other_browsers_and_clients_and_not_this_one(
    ada: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    tokens.issue(cast.ada)
    elsewhere = Client()
    elsewhere.force_login(cast.ada)
    changes = {"oldpassword": PASSWORD, "password1": "another long pass phrase"}
    assert ada.post("/accounts/password/change/", changes)["Location"] == "/settings/security/"
    assert get_user(ada) == cast.ada
    assert not get_user(elsewhere).is_authenticated
    assert not tokens.families(cast.ada.chat_id)
