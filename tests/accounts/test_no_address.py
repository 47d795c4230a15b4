"""People who signed up where there was no mail server: they have no address, now or when there is one later."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts import tasks
from accounts.models import Application, User
from accounts.models.nowhere import is_nowhere, nowhere
from accounts.services import addresses, applications, departures, invitations
from tests.accounts.conftest import last_code
from tests.cast import Cast

NEW = {"username": "fay", "password1": "seven small purple boats"}
LOG_IN = {"login": "fay", "password": NEW["password1"]}
EMAIL = "/accounts/email/"
USERS = "/admin/accounts/user/"


@pytest.fixture
def fay(client: Client, cast: Cast, settings: Settings) -> User:
    """Signed up and signed in, without a mail server."""
    settings.CHAT_SIGNUP = "open"
    client.post("/accounts/signup/", NEW)
    found = get_user(client)
    assert isinstance(found, User)
    return found


@pytest.fixture
def later(fay: User, mail_server: None, client: Client) -> User:
    """Fay, and a mail server that was added since; she logs in anew."""
    fresh = Client()
    assert fresh.post("/accounts/login/", LOG_IN)["Location"] == "/", "nothing is asked to be proven"
    client.cookies = fresh.cookies
    return fay


@pytest.fixture
def root(cast: Cast) -> Client:
    cast.ada.is_staff = cast.ada.is_superuser = True
    cast.ada.save()
    client = Client()
    client.force_login(cast.ada)
    return client


def mentions_nowhere(page: HttpResponse) -> bool:
    return b".invalid" in page.content


def test_sign_up_asks_for_a_name_and_a_password_only(client: Client, cast: Cast, settings: Settings) -> None:
    settings.CHAT_SIGNUP = "open"
    assert list(client.get("/accounts/signup/").context["form"].fields) == ["username", "password1"]
    client.post("/accounts/signup/", NEW | {"email": "fay@example.org"})
    fay = get_user(client)
    assert isinstance(fay, User)
    assert (fay.email, fay.address, fay.is_verified) == (f"{fay.pk.hex}@people.invalid", "", False)
    assert not User.objects.filter(email="fay@example.org").exists()
    assert EmailAddress.objects.get(user=fay).email == fay.email


@pytest.mark.parametrize("mode", ["invite", "approval"])
def test_so_it_is_by_invitation_and_by_approval(client: Client, cast: Cast, settings: Settings, mode: str) -> None:
    settings.CHAT_SIGNUP = mode
    if mode == "invite":
        client.get(f"/join/{invitations.make(cast.dora, days=1, people=1)[1]}/")
    assert list(client.get("/accounts/signup/").context["form"].fields) == ["username", "password1"]
    assert client.post("/accounts/signup/", NEW)["Location"] == ("/" if mode == "invite" else "/waiting/")
    assert User.objects.get(username="fay").address == ""


def test_the_person_sees_that_they_have_none_and_never_what_stands_for_it(client: Client, fay: User) -> None:
    pages = [client.get(path) for path in ("/settings/", "/settings/security/", EMAIL, "/profile/", "/people/fay/")]
    assert {page.status_code for page in pages} == {200} and not any(map(mentions_nowhere, pages))
    assert b"None: this chat sends no mail" in pages[1].content
    assert b"You have no address here" in pages[2].content and b"Administrators set addresses" in pages[2].content
    assert not any(b"confirmed" in page.content for page in pages)
    me = client.get("/api/v1/me/")
    assert me.json()["email"] is None and not mentions_nowhere(me)


def test_with_a_mail_server_later_they_log_in_as_ever(later: User, client: Client) -> None:
    assert get_user(client) == later and not mail.outbox
    token = client.post("/api/v1/auth/token/", LOG_IN, "application/json")
    assert token.status_code == 200
    page = client.get("/settings/security/")
    assert b"None: a forgotten password cannot be replaced by mail" in page.content and not mentions_nowhere(page)


def test_and_add_an_address_that_a_code_proves(later: User, client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": NEW["password1"]})
    page = client.get(EMAIL)
    assert b"You have no address here" in page.content and not mentions_nowhere(page)
    client.post(EMAIL, {"email": "fay@example.org", "action_add": ""})
    assert User.objects.get(pk=later.pk).address == "", "not before the code"
    assert client.post("/accounts/confirm-email/", {"code": last_code()}).status_code == 302
    proven = User.objects.get(pk=later.pk)
    assert (proven.address, proven.is_verified) == ("fay@example.org", True)
    assert [row.email for row in EmailAddress.objects.filter(user=later)] == ["fay@example.org"]
    assert [letter.to for letter in mail.outbox] == [["fay@example.org"]], "nobody is told at the old one"


def test_whose_address_is_not_proven_is_still_asked(later: User) -> None:
    addresses.put(later, "fay@example.org")
    assert Client().post("/accounts/login/", LOG_IN)["Location"] == "/accounts/confirm-email/"
    assert Client().post("/api/v1/auth/token/", LOG_IN, "application/json").status_code == 403


def test_what_stands_for_anothers_missing_address_spares_nobody_the_proof(later: User, cast: Cast) -> None:
    for email in (nowhere(uuid4()), f"{later.pk.hex}@example.org", "fay@people.invalid"):
        addresses.put(later, email)
        assert later.address == email and not is_nowhere(later.pk, email)
        assert Client().post("/accounts/login/", LOG_IN)["Location"] == "/accounts/confirm-email/"


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_a_code_asked_for_it_goes_nowhere_and_looks_like_any_other(later: User, path: str) -> None:
    for email in (later.email, nowhere(uuid4()), "nobody@example.org"):
        asker = Client()
        first = asker.post(path, {"email": email})
        then = asker.get(first["Location"])
        assert (first.status_code, then.status_code) == (302, 200)
        assert b"If there is an account with" in then.content
    assert [letter.to for letter in mail.outbox] == [["nobody@example.org"]]


def test_no_letter_is_written_to_them(
    later: User, cast: Cast, settings: Settings, django_capture_on_commit_callbacks: Callable
) -> None:
    Application.objects.create(user=later)
    with django_capture_on_commit_callbacks(execute=True):
        applications.decide(cast.dora, Application.objects.get().pk, approve=True)
    departures.delete(later.chat_id)
    tasks.tell_of_departure(later.chat_id)
    assert not mail.outbox


def test_the_staff_see_that_there_is_none_and_set_one(root: Client, fay: User) -> None:
    page = root.get(f"{USERS}{fay.pk}/change/")
    form = page.context["adminform"].form
    assert form["email"].value() == "" and not form.fields["email"].required
    assert not mentions_nowhere(root.get(USERS)) and not mentions_nowhere(root.get("/admin/account/emailaddress/"))
    change(root, fay, email="Fay@example.org")
    given = User.objects.get(pk=fay.pk)
    assert (given.address, given.is_verified) == ("fay@example.org", False)
    assert EmailAddress.objects.get(user=fay).email == "fay@example.org"
    change(root, fay, email="")
    assert User.objects.get(pk=fay.pk).email == nowhere(fay.pk)


def test_saving_without_one_leaves_none_and_an_address_that_is_taken_is_said(root: Client, fay: User) -> None:
    change(root, fay, email="", is_verified="on")
    left = User.objects.get(pk=fay.pk)
    assert (left.email, left.is_verified) == (nowhere(fay.pk), False)
    taken = root.post(f"{USERS}{fay.pk}/change/", {"username": "fay", "email": "ben@example.org", "is_active": "on"})
    assert taken.context["adminform"].form.errors["email"]


def change(root: Client, person: User, **fields: str) -> None:
    """Saves a person's page in the admin."""
    page = root.get(f"{USERS}{person.pk}/change/")
    sent = {"username": person.username, "is_active": "on"} | fields
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    answer = root.post(f"{USERS}{person.pk}/change/", sent)
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def test_the_staff_decide_about_whoever_waits_without_one(client: Client, cast: Cast, settings: Settings) -> None:
    settings.CHAT_SIGNUP = "approval"
    client.post("/accounts/signup/", NEW)
    staff = Client()
    staff.force_login(cast.dora)
    page = staff.get("/settings/applications/")
    assert b"@fay" in page.content and not mentions_nowhere(page) and b"confirmed" not in page.content


def test_who_applied_before_the_mail_server_came_still_waits(client: Client, cast: Cast, settings: Settings) -> None:
    settings.CHAT_SIGNUP = "approval"
    client.post("/accounts/signup/", NEW)
    settings.CHAT_MAIL, settings.ACCOUNT_EMAIL_VERIFICATION = True, "mandatory"
    assert Client().post("/accounts/login/", LOG_IN)["Location"] == "/waiting/"
    applications.decide(cast.dora, Application.objects.get().pk, approve=True)
    assert client.post("/accounts/login/", LOG_IN)["Location"] == "/"
