from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.services import registration
from chatsite.errors import Conflict

FIRST = {"username": "ada", "email": "ada@example.org", "password1": "seven small purple boats"}


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch: pytest.MonkeyPatch, fresh_memory: None) -> None:
    monkeypatch.setattr(registration, "_begun", False)


@pytest.mark.django_db
def test_every_page_leads_to_the_welcome_while_there_is_nobody(client: Client) -> None:
    for address in ("/", "/people/", "/accounts/login/", "/admin/", "/no/such/page"):
        assert client.get(address)["Location"] == "/welcome/"
    assert client.get("/health/live").status_code == 200
    assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.django_db
def test_the_first_is_administrator_and_signed_in_and_the_only_first(client: Client) -> None:
    assert client.post("/welcome/", FIRST)["Location"] == "/"
    ada = User.objects.get()
    assert ada.is_staff and ada.is_superuser and ada.is_active and ada.profile
    assert get_user(client) == ada
    again = Client().post("/welcome/", FIRST | {"username": "eve", "email": "eve@example.org"})
    assert again["Location"] == "/"
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [("username", "admin"), ("password1", "short"), ("email", "x")])
def test_the_first_is_checked_like_anybody(client: Client, field: str, value: str) -> None:
    response = client.post("/welcome/", FIRST | {field: value})
    assert field in response.context["form"].errors
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_first() -> None:
    def try_it(number: int) -> bool:
        try:
            registration.first_administrator(f"user{number}", f"u{number}@example.org", "seven small purple boats")
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(try_it, range(4))) == [False, False, False, True]
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_afterwards_it_costs_nothing(client: Client, django_assert_num_queries: object) -> None:
    User.objects.create_user("ada", "ada@example.org")
    assert registration.begun()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert registration.begun()
        assert client.get("/health/live").status_code == 200
