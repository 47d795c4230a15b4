"""Sign-up by approval: waiting, being let in, being refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import Application, User
from accounts.services import applications, invitations
from chatsite.errors import NotFound
from tests.accounts.conftest import last_code
from tests.cast import Cast

NEW = {"username": "fay", "email": "fay@example.org", "password1": "seven small purple boats"}
LOG_IN = {"login": "fay", "password": NEW["password1"]}


@pytest.fixture(autouse=True)
def by_approval(settings: Settings) -> None:
    settings.CHAT_SIGNUP = "approval"


def application() -> Application:
    return Application.objects.get(user__username="fay")


def test_who_signs_up_waits_and_sees_it(client: Client, cast: Cast) -> None:
    assert client.post("/accounts/signup/", NEW)["Location"] == "/waiting/"
    assert b"Your account is waiting" in client.get("/waiting/").content
    fay = User.objects.get(username="fay")
    assert not fay.is_active and not get_user(client).is_authenticated
    assert client.post("/api/v1/auth/token/", LOG_IN, "application/json").status_code == 401


def test_who_comes_back_later_sees_it_after_giving_the_password(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    later = Client()
    assert later.get("/waiting/")["Location"] == "/accounts/login/"
    assert later.post("/accounts/login/", LOG_IN)["Location"] == "/waiting/"
    assert not get_user(later).is_authenticated


def test_let_in_by_the_staff(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    staff = Client()
    staff.force_login(cast.dora)
    assert b"@fay" in staff.get("/settings/applications/").content
    staff.post(f"/settings/applications/{application().pk}/", {"decision": "approve"})
    assert b"You may come in" in client.get("/waiting/").content
    client.post("/accounts/login/", LOG_IN)
    assert get_user(client).is_authenticated
    assert application().decided_by == cast.dora


def test_refused_by_the_staff(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    staff = Client()
    staff.force_login(cast.dora)
    staff.post(f"/settings/applications/{application().pk}/", {"decision": "refuse"})
    assert b"was not accepted" in client.get("/waiting/").content
    assert client.post("/accounts/login/", LOG_IN)["Location"] == "/waiting/"
    assert not get_user(client).is_authenticated
    assert b"@fay" not in staff.get("/settings/applications/").content


def test_members_neither_see_nor_decide(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    member = Client()
    member.force_login(cast.ben)
    assert member.get("/settings/applications/").status_code == 404
    decision = {"decision": "approve"}
    assert member.post(f"/settings/applications/{application().pk}/", decision).status_code == 404
    assert not User.objects.get(username="fay").is_active


def test_of_two_of_the_staff_the_first_decides(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    applications.decide(cast.dora, application().pk, approve=False)
    with pytest.raises(NotFound):
        applications.decide(cast.ada, application().pk, approve=True)
    assert not User.objects.get(username="fay").is_active


def test_an_invitation_of_the_staff_is_approval_and_one_of_a_member_is_not(cast: Cast, settings: Settings) -> None:
    settings.CHAT_INVITERS = "members"
    for maker, name, active in ((cast.dora, "gus", True), (cast.ben, "hal", False)):
        _made, secret = invitations.make(maker, days=1, people=1)
        guest = Client()
        guest.get(f"/join/{secret}/")
        guest.post("/accounts/signup/", NEW | {"username": name, "email": f"{name}@example.org"})
        assert User.objects.get(username=name).is_active is active


@pytest.mark.usefixtures("mail_server")
def test_the_address_is_proven_first_and_the_decision_comes_by_mail(
    client: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    assert client.post("/accounts/signup/", NEW)["Location"] == "/accounts/confirm-email/"
    assert client.post("/accounts/confirm-email/", {"code": last_code()})["Location"] == "/waiting/"
    assert User.objects.get(username="fay").is_verified
    assert not get_user(client).is_authenticated
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        applications.decide(cast.dora, application().pk, approve=True)
    (letter,) = mail.outbox
    assert letter.to == ["fay@example.org"] and "You may come in" in letter.subject
    assert "You can log in now.\n" in letter.body
    client.post("/accounts/login/", LOG_IN)
    assert get_user(client).is_authenticated


def test_an_account_that_was_let_in_and_closed_later_is_closed(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    fay = applications.decide(cast.dora, application().pk, approve=True)
    fay.is_active = False
    fay.save()
    assert client.post("/accounts/login/", LOG_IN)["Location"] == "/accounts/inactive/"


def test_the_staff_decide_in_the_admin_too(client: Client, cast: Cast) -> None:
    client.post("/accounts/signup/", NEW)
    User.objects.filter(pk=cast.dora.pk).update(is_superuser=True)
    staff = Client()
    staff.force_login(User.objects.get(pk=cast.dora.pk))
    listed = "/admin/accounts/application/"
    assert b'field-decision">waiting' in staff.get(listed, {"decision": "waiting"}).content
    assert b"field-decision" not in staff.get(listed, {"decision": "in"}).content
    staff.post(listed, {"action": "approve", "_selected_action": [str(application().pk)]})
    assert User.objects.get(username="fay").is_active and application().approved
    assert b'field-decision">let in' in staff.get(listed, {"decision": "in"}).content
