from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Profile, Relationship, User
from accounts.services import profiles, relationships, tokens
from tests.cast import Cast

PRIVATE = ["/people/", "/people/ben/", "/profile/", "/settings/", "/accounts/password/change/"]
PRIVATE += ["/settings/security/", "/settings/sessions/", "/accounts/email/", "/accounts/provider/"]
PRIVATE += ["/settings/data/", "/settings/leave/"]


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.mark.parametrize("address", PRIVATE)
def test_strangers_are_asked_to_log_in(client: Client, cast: Cast, address: str) -> None:
    assert client.get(address)["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", PRIVATE)
def test_pages_are_complete_and_without_inline_style(ada: Client, address: str) -> None:
    response = ada.get(address)
    assert response.status_code == 200
    assert b"style=" not in response.content and b"onclick" not in response.content


def test_people_are_found_and_listed_by_what_they_are_to_one(ada: Client, cast: Cast) -> None:
    me = cast.ada.chat_id
    relationships.request(cast.dora.chat_id, me)
    relationships.request(me, cast.ben.chat_id)
    relationships.block(me, cast.cleo.chat_id)
    context = ada.get("/people/").context
    shown = {name: [card.username for card in context[name]] for name in ("asking", "asked", "blocked", "everyone")}
    assert shown == {"asking": ["dora"], "asked": ["ben"], "blocked": ["cleo"], "everyone": ["eve"]}
    assert [card.username for card in ada.get("/people/?q=EVE").context["everyone"]] == ["eve"]
    assert ada.get("/people/?q=%00&after=").status_code == 200
    assert ada.get("/people/?after=nonsense").status_code == 400


@pytest.mark.parametrize(
    ("verbs", "standing"),
    [
        (["request"], "requested"),
        (["request", "cancel"], "none"),
        (["block"], "blocked"),
        (["block", "unblock"], "none"),
    ],
)
def test_what_one_can_do_about_a_person(ada: Client, cast: Cast, verbs: list[str], standing: str) -> None:
    for verb in verbs:
        assert ada.post("/people/ben/relationship/", {"action": verb})["Location"] == "/people/ben/"
    assert ada.get("/people/ben/").context["standing"] == standing


def test_one_goes_back_to_where_the_button_was_and_nowhere_else(ada: Client) -> None:
    def led(back: str) -> str:
        return ada.post("/people/ben/relationship/", {"action": "request", "next": back})["Location"]

    assert led("/people/") == "/people/"
    assert led("https://evil.example/") == led("//evil.example/") == "/people/ben/"


def test_unknown_actions_and_people_change_nothing(ada: Client, cast: Cast) -> None:
    assert ada.post("/people/ben/relationship/", {"action": "delete"}).status_code == 400
    assert ada.post("/people/nobody/relationship/", {"action": "block"}).status_code == 404
    assert ada.post("/people/ada/relationship/", {"action": "block"}).status_code == 400
    assert ada.get("/people/ben/relationship/").status_code == 405
    assert ada.get("/people/nobody/").status_code == 404
    assert not Relationship.objects.exists()


def test_a_block_hides_what_one_says_of_oneself(client: Client, cast: Cast) -> None:
    profiles.update(cast.ada.chat_id, bio="Analytical engines")
    client.force_login(cast.cleo)
    assert b"Analytical engines" in client.get("/people/ada/").content
    relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    page = client.get("/people/ada/")
    assert page.status_code == 200 and b"Analytical engines" not in page.content
    assert page.context["standing"] == "none"


def test_people_without_a_profile_have_a_page(ada: Client) -> None:
    User.objects.create_user("fay", "fay@example.org")
    assert b"fay" in ada.get("/people/fay/").content


def test_the_profile_is_saved_and_bounded(
    ada: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post("/profile/", {"display_name": " Augusta ", "bio": ""}).status_code == 302
    assert Profile.objects.get(user=cast.ada).display_name == "Augusta"
    assert Profile.objects.get(user=cast.ada).bio is None
    response = ada.post("/profile/", {"display_name": "x" * 101, "bio": "y" * 501})
    assert set(response.context["form"].errors) == {"display_name", "bio"}
    assert b"&lt;script&gt;" in ada.post("/profile/", {"display_name": "<script>" * 20}).content


def test_a_client_is_signed_out_by_its_owner_only(client: Client, cast: Cast) -> None:
    tokens.issue(cast.ada, "curl")
    (family,) = tokens.families(cast.ada.chat_id)
    client.force_login(cast.eve)
    assert client.post(f"/settings/clients/{family.id}/end/").status_code == 404
    client.force_login(cast.ada)
    assert b"curl" in client.get("/settings/sessions/").content
    assert client.post(f"/settings/clients/{family.id}/end/").status_code == 302
    assert tokens.families(cast.ada.chat_id) == []


def test_forms_need_their_token(cast: Cast) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.ada)
    for address in ("/people/ben/relationship/", "/profile/", "/settings/", "/accounts/logout/", "/welcome/"):
        assert careful.post(address, {"action": "block"}).status_code == 403
    assert not Relationship.objects.exists()


def test_the_list_of_people_costs_a_bounded_number_of_queries(
    ada: Client, cast: Cast, django_assert_max_num_queries: Callable
) -> None:
    User.objects.bulk_create(User(username=f"m{n}", email=f"m{n}@example.org") for n in range(60))
    ada.get("/people/")
    with django_assert_max_num_queries(12):
        ada.get("/people/")


def test_one_click_leads_into_the_conversation(ada: Client, cast: Cast) -> None:
    assert f'name="who" value="{cast.ben.pk}"'.encode() in ada.get("/people/ben/").content
    assert ada.post("/c/new/", {"who": cast.ben.chat_id})["Location"].startswith("/c/")
