"""Sign-up by invitation: who makes links, what becomes of them, who gets in."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Invitation, User
from accounts.services import invitations
from chatsite.errors import Conflict, Forbidden
from tests.cast import Cast

NEW = {"username": "fay", "email": "fay@example.org", "password1": "seven small purple boats"}
PAGE = "/settings/invitations/"


@pytest.fixture(autouse=True)
def by_invitation(settings: Settings) -> None:
    settings.CHAT_SIGNUP = "invite"


def link(maker: User, **options: int) -> str:
    _made, secret = invitations.make(maker, **{"days": 7, "people": 1, **options})
    return f"/join/{secret}/"


def sign_up(client: Client, address: str, name: str = "fay") -> bool:
    """Follows a link and signs up. Whether it worked."""
    client.get(address)
    client.post("/accounts/signup/", NEW | {"username": name, "email": f"{name}@example.org"})
    return get_user(client).is_authenticated


def test_without_a_link_nobody_signs_up(client: Client, cast: Cast) -> None:
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", NEW)):
        assert b"Sign-up is closed" in response.content
    assert not User.objects.filter(username="fay").exists()


def test_a_link_leads_to_sign_up_and_is_out_of_the_address_by_then(client: Client, cast: Cast) -> None:
    address = link(cast.dora)
    assert client.get(address)["Location"] == "/accounts/signup/"
    assert client.get("/accounts/signup/").status_code == 200
    assert sign_up(client, address)


def test_a_link_for_one_lets_one_in(cast: Cast) -> None:
    address = link(cast.dora)
    assert sign_up(Client(), address)
    late = Client().get(address)
    assert late.status_code == 410 and b"has been used" in late.content
    assert not sign_up(Client(), address, "gus")


def test_a_link_for_two_lets_two_in(cast: Cast) -> None:
    address = link(cast.dora, people=2)
    assert [sign_up(Client(), address, name) for name in ("fay", "gus", "hal")] == [True, True, False]


def test_of_two_who_opened_a_link_for_one_the_second_is_told(cast: Cast) -> None:
    address, first, second = link(cast.dora), Client(), Client()
    second.get(address)
    assert sign_up(first, address)
    response = second.post("/accounts/signup/", NEW | {"username": "gus", "email": "gus@example.org"})
    assert b"Sign-up is closed" in response.content
    assert not User.objects.filter(username="gus").exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_get_in_as_were_invited(cast: Cast) -> None:
    address = link(cast.dora, people=2)

    def come(number: int) -> bool:
        try:
            return sign_up(Client(REMOTE_ADDR=f"10.0.0.{number}"), address, f"guest{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(come, range(6))) == 2
    assert User.objects.filter(username__startswith="guest").count() == 2
    assert Invitation.objects.get().uses == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, b"too old"),
        ({"revoked_at": timezone.now()}, b"was withdrawn"),
        ({"uses": 1}, b"has been used"),
    ],
)
def test_a_link_that_works_no_more_says_why(
    client: Client, cast: Cast, change: dict[str, object], words: bytes
) -> None:
    address = link(cast.dora)
    Invitation.objects.update(**change)
    response = client.get(address)
    assert response.status_code == 410 and words in response.content
    assert not sign_up(client, address)


@pytest.mark.parametrize("secret", ["nonsense", "x" * 2000, "%00", "%ED%A0%80"])
def test_a_link_that_never_was(client: Client, cast: Cast, secret: str) -> None:
    assert b"There is no such invitation" in client.get(f"/join/{secret}/").content


def test_a_link_withdrawn_after_it_was_opened_does_not_work_either(client: Client, cast: Cast) -> None:
    client.get(link(cast.dora))
    invitations.withdraw(cast.dora, Invitation.objects.get().pk)
    assert b"Sign-up is closed" in client.post("/accounts/signup/", NEW).content


def test_links_of_a_closed_account_are_closed(client: Client, cast: Cast) -> None:
    address = link(cast.dora)
    User.objects.filter(pk=cast.dora.pk).update(is_active=False)
    assert not sign_up(client, address)


def test_closed_means_closed_for_links_too(client: Client, cast: Cast, settings: Settings) -> None:
    address = link(cast.dora)
    settings.CHAT_SIGNUP = "closed"
    assert b"Sign-up is closed" in client.get(address).content
    client.force_login(cast.dora)
    assert client.get(PAGE).status_code == 404


def test_only_the_hash_is_stored(cast: Cast, client: Client) -> None:
    client.force_login(cast.dora)
    page = client.post(PAGE, {"note": "for fay", "days": "7", "people": "1"}).content.decode()
    found = re.search(r"/join/([\w-]{43})/", page)
    assert found
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(i::text, ' ') FROM invitations i")
        assert found[1] not in cursor.fetchone()[0]
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    assert kept and not [text for text in kept if found[1] in text]
    assert found[1] not in client.get(PAGE).content.decode(), "shown a second time"


@pytest.mark.parametrize(("inviters", "status"), [("staff", 404), ("members", 200)])
def test_members_invite_where_the_site_lets_them(
    client: Client, cast: Cast, settings: Settings, inviters: str, status: int
) -> None:
    settings.CHAT_INVITERS = inviters
    client.force_login(cast.ben)
    assert client.get(PAGE).status_code == status
    assert (b"/settings/invitations/" in client.get("/settings/").content) is (status == 200)


def test_a_member_sees_and_withdraws_only_their_own(client: Client, cast: Cast, settings: Settings) -> None:
    settings.CHAT_INVITERS = "members"
    link(cast.ada)
    hers = Invitation.objects.get()
    client.force_login(cast.eve)
    assert client.post(f"{PAGE}{hers.pk}/withdraw/").status_code == 404
    assert list(invitations.listed(cast.eve)) == [] and list(invitations.listed(cast.dora)) == [hers]
    client.force_login(cast.ada)
    client.post(f"{PAGE}{hers.pk}/withdraw/")
    assert invitations.trouble(Invitation.objects.get()) == "withdrawn"


def test_the_number_of_open_links_of_a_member_is_bounded(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Forbidden):
        link(cast.ben)
    settings.CHAT_INVITERS = "members"
    monkeypatch.setattr(invitations, "LIVING_MAX", 2)
    link(cast.ben), link(cast.ben)
    with pytest.raises(Conflict):
        link(cast.ben)


def test_who_is_signed_in_needs_no_invitation(client: Client, cast: Cast) -> None:
    client.force_login(cast.ben)
    assert client.get(link(cast.dora))["Location"] == "/"
    assert Invitation.objects.get().uses == 0


def test_the_staff_look_at_them_and_withdraw_them_in_the_admin(client: Client, cast: Cast) -> None:
    address = link(cast.dora)
    User.objects.filter(pk=cast.dora.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=cast.dora.pk))
    page = client.get("/admin/accounts/invitation/")
    assert b"dora" in page.content and Invitation.objects.get().token.encode() not in page.content
    client.post(
        "/admin/accounts/invitation/", {"action": "withdraw", "_selected_action": [str(Invitation.objects.get().pk)]}
    )
    assert not sign_up(Client(), address)
