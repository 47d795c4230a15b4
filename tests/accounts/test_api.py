from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import RefreshToken, Relationship, User
from accounts.services import profiles, relationships, tokens
from tests.cast import PASSWORD, Cast

API = "/api/v1/"


class Caller:
    """A client of the API, signed in as someone or as nobody."""

    def __init__(self, user: User | None = None) -> None:
        self.headers = {"Authorization": f"Bearer {tokens.issue(user).access}"} if user else {}
        self.client = Client(enforce_csrf_checks=True)

    def __call__(self, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
        send = getattr(self.client, verb)
        data = {} if body is None and verb == "get" else {"data": body, "content_type": "application/json"}
        response = send(API + path, headers=self.headers, **data)
        return response.status_code, response.json() if response.content else None


@pytest.fixture
def ada(cast: Cast) -> Caller:
    return Caller(cast.ada)


@pytest.fixture
def eve(cast: Cast) -> Caller:
    return Caller(cast.eve)


@pytest.fixture
def anyone(cast: Cast) -> Caller:
    return Caller()


def test_also_a_mistake_of_ours_is_an_error_of_the_one_shape(ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "profile", lambda me: 1 // 0)
    ada.client.raise_request_exception = False
    status, answer = ada("get", "me/")
    assert (status, answer.keys(), answer["code"]) == (500, {"code", "detail"}, "unavailable")
    assert "html" in ada.client.get("/profile/", headers=ada.headers)["Content-Type"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (None, 200),
        ("*/*", 200),
        ("application/json", 200),
        ("text/html, application/*;q=0.8", 200),
        ("text/html", 406),
        ("application/xml", 406),
    ],
)
def test_who_accepts_json_gets_it_and_nobody_gets_anything_else(ada: Caller, accept: str | None, status: int) -> None:
    response = ada.client.get(API + "me/", headers=ada.headers | ({"Accept": accept} if accept else {}))
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")


# Signing in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["ada", "Ada@example.org"])
def test_a_client_signs_in_refreshes_and_signs_out(anyone: Caller, login: str) -> None:
    status, pair = anyone("post", "auth/token/", {"login": login, "password": PASSWORD, "device": "test"})
    assert status == 200 and set(pair) == {"access", "refresh", "expires_in"}
    status, following = anyone("post", "auth/token/refresh/", {"refresh": pair["refresh"]})
    assert status == 200 and following["expires_in"] == 600
    anyone.headers = {"Authorization": f"Bearer {following['access']}"}
    assert anyone("get", "me/")[1]["username"] == "ada"
    assert anyone("post", "auth/token/revoke/", {"refresh": following["refresh"]}) == (204, None)
    assert anyone("get", "me/")[0] == 401


@pytest.mark.parametrize(
    ("login", "password"),
    [("ada", "wrong wrong"), ("nobody", PASSWORD), ("nobody@example.org", "x"), ("dora", PASSWORD)],
)
def test_every_wrong_sign_in_gets_the_same_answer(anyone: Caller, login: str, password: str) -> None:
    User.objects.filter(username="dora").update(is_active=False)
    answer = anyone("post", "auth/token/", {"login": login, "password": password})
    detail = "This name and this password do not belong together."
    assert answer == (401, {"code": "invalid_credentials", "detail": detail})


def test_signing_in_is_slowed_down_and_the_limit_can_be_lifted(anyone: Caller, settings: Settings) -> None:
    wrong = {"login": "ada", "password": "wrong wrong wrong"}
    answers = [anyone("post", "auth/token/", wrong) for _ in range(7)]
    assert answers[0][0] == 401 and answers[-1][0] == 429
    assert answers[-1][1]["code"] == "too_fast"
    settings.ACCOUNT_RATE_LIMITS = False
    assert anyone("post", "auth/token/", {"login": "ada", "password": PASSWORD})[0] == 200


def test_reuse_of_a_refresh_token_is_answered_401_and_ends_the_session(anyone: Caller, cast: Cast) -> None:
    first = tokens.issue(cast.ada)
    second = tokens.refresh(tokens.refresh(first.refresh).refresh)
    for secret in (first.refresh, second.refresh):
        status, body = anyone("post", "auth/token/refresh/", {"refresh": secret})
        assert (status, body["code"]) == (401, "invalid_credentials")


def test_a_ticket_is_given_to_the_signed_in_only(ada: Caller, anyone: Caller, cast: Cast) -> None:
    assert anyone("post", "auth/ticket/")[0] == 401
    status, body = ada("post", "auth/ticket/")
    assert (status, body["expires_in"]) == (200, 30)
    shown = tokens.redeem_ticket(body["ticket"])
    assert shown is not None
    assert shown.user == cast.ada.chat_id


def test_a_browser_needs_its_csrf_token_and_a_bad_bearer_is_not_saved_by_a_cookie(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.ada)
    assert browser.get(API + "me/").status_code == 200
    refused = browser.patch(API + "me/", {"bio": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    bad = browser.get(API + "me/", headers={"Authorization": "Bearer x"})
    assert (bad.status_code, bad["WWW-Authenticate"]) == (401, "Bearer")


# Me ------------------------------------------------------------------------------------------------------------------


def test_me_is_the_protocols_shape(ada: Caller, cast: Cast) -> None:
    status, me = ada("get", "me/")
    created = me.pop("created_at")
    assert status == 200 and created.endswith("Z") and len(created) == len("2026-11-22T15:18:00.000Z")
    assert me == {
        "id": cast.ada.chat_id,
        "username": "ada",
        "email": "ada@example.org",
        "display_name": "Ada Lovelace",
        "bio": None,
        "avatar_url": None,
        "is_verified": False,
    }


def test_my_profile_changes(ada: Caller, django_capture_on_commit_callbacks: Callable) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        status, me = ada("patch", "me/", {"bio": "Engines"})
    assert (status, me["bio"], me["display_name"]) == (200, "Engines", "Ada Lovelace")
    assert ada("patch", "me/", {"display_name": None})[1]["display_name"] == "ada"


def test_my_settings(ada: Caller) -> None:
    assert ada("get", "me/settings/")[1]["enter_to_send"] is True
    assert ada("patch", "me/settings/", {"enter_to_send": False})[1]["enter_to_send"] is False
    status, body = ada("patch", "me/settings/", {"enter_to_send": "no", "x": 1})
    assert (status, body["code"], set(body["fields"])) == (400, "invalid", {"enter_to_send", "x"})
    assert ada("patch", "me/settings/", ["x"])[0] == 400


def test_my_sessions_are_mine_to_end(ada: Caller, eve: Caller, cast: Cast) -> None:
    (session,) = ada("get", "me/sessions/")[1]["results"]
    assert eve("delete", f"me/sessions/{session['id']}/")[0] == 404
    assert ada("delete", f"me/sessions/{session['id']}/") == (204, None)
    assert ada("get", "me/")[0] == 401
    assert not RefreshToken.objects.filter(user=cast.ada, revoked=False).exists()


# People --------------------------------------------------------------------------------------------------------------


def test_users_are_searched_and_paged(ada: Caller, cast: Cast) -> None:
    status, page = ada("get", "users/?search=BEN")
    card = {"id": cast.ben.chat_id, "username": "ben", "display_name": "Ben Okafor", "avatar_url": None}
    assert (status, page) == (200, {"results": [card], "next": None})
    names, address = [], "users/?limit=3"
    while address:
        page = ada("get", address)[1]
        names += [card["username"] for card in page["results"]]
        address = page["next"] and page["next"].removeprefix(f"http://testserver{API}")
    assert names == ["ben", "cleo", "dora", "eve"]


def test_a_user_is_shown_and_a_block_leaves_the_name(ada: Caller, cast: Cast) -> None:
    profiles.update(cast.cleo.chat_id, bio="Painter")
    status, shown = ada("get", f"users/{cast.cleo.pk}/")
    assert (status, shown["bio"], shown["relationship"]) == (200, "Painter", "none")
    relationships.block(cast.cleo.chat_id, cast.ada.chat_id)
    shown = ada("get", f"users/{cast.cleo.pk}/")[1]
    assert (shown["bio"], shown["relationship"], shown["display_name"]) == (None, "none", "Cleo Marchetti")
    assert ada("get", f"users/{uuid4()}/") == (404, {"code": "not_found", "detail": "There is no such person."})


def test_a_friendship_by_api(ada: Caller, cast: Cast) -> None:
    ben = Caller(cast.ben)
    status, row = ada("post", "relationships/", {"user_id": cast.ben.chat_id, "type": "friend"})
    assert (status, row["status"], row["user"]["username"]) == (201, "pending", "ben")
    (asked,) = ben("get", "relationships/")[1]["results"]
    assert (asked["id"], asked["user"]["username"]) == (row["id"], "ada")
    assert ben("post", "relationships/", {"user_id": cast.ada.chat_id, "type": "friend"})[1]["status"] == "accepted"
    assert relationships.friends(cast.ada.chat_id) == [cast.ben.chat_id]
    assert ada("delete", f"relationships/{row['id']}/")[0] == 204
    assert not Relationship.objects.exists()


def test_a_refusal_reads_as_pending(ada: Caller, cast: Cast) -> None:
    row = ada("post", "relationships/", {"user_id": cast.ben.chat_id, "type": "friend"})[1]
    assert Caller(cast.ben)("delete", f"relationships/{row['id']}/")[0] == 204
    (mine,) = ada("get", "relationships/")[1]["results"]
    assert mine["status"] == "pending"
    assert Caller(cast.ben)("get", "relationships/")[1]["results"] == []


def test_relationships_of_others_are_nobodys_business(eve: Caller, cast: Cast) -> None:
    row = relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    for caller in (eve, Caller(cast.cleo)):
        assert caller("get", "relationships/")[1]["results"] == []
        assert caller("delete", f"relationships/{row.pk}/")[0] == 404
    assert Relationship.objects.filter(pk=row.pk).exists()


def test_relationships_are_paged(ada: Caller, cast: Cast) -> None:
    for other in (cast.ben, cast.dora, cast.eve):
        ada("post", "relationships/", {"user_id": other.chat_id, "type": "friend"})
    names, address = [], "relationships/?limit=2"
    while address:
        page = ada("get", address)[1]
        names += [row["user"]["username"] for row in page["results"]]
        address = page["next"] and page["next"].removeprefix(f"http://testserver{API}")
    assert sorted(names) == ["ben", "dora", "eve"]


# Bad input -----------------------------------------------------------------------------------------------------------

OPERATORS = [{"$ne": None}, {"$gt": ""}, {"$regex": ".*"}, ["ada"], 1, True, None, "a\0b", "\ud800"]


@pytest.mark.parametrize("value", OPERATORS, ids=repr)
def test_no_field_takes_anything_but_its_type(anyone: Caller, ada: Caller, value: object) -> None:
    answers = [
        anyone("post", "auth/token/", {"login": value, "password": "x"}),
        anyone("post", "auth/token/", {"login": "ada", "password": value}),
        anyone("post", "auth/token/refresh/", {"refresh": value}),
        anyone("post", "auth/token/revoke/", {"refresh": value}),
        ada("post", "relationships/", {"user_id": value, "type": "friend"}),
        ada("post", "relationships/", {"user_id": str(uuid4()), "type": value}),
        ada("patch", "me/settings/", {"theme": value}),
    ]
    answers += [ada("patch", "me/", {"bio": value}), ada("patch", "me/", {"display_name": value})] * (value is not None)
    assert [(status, body["code"]) for status, body in answers] == [(400, "invalid")] * len(answers)


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("post", "auth/token/", {"login": "ada", "password": PASSWORD, "admin": True}),
        ("post", "auth/token/refresh/", {"refresh": "x", "user_id": 1}),
        ("patch", "me/", {"is_staff": True}),
        ("patch", "me/", {"email": "eve@example.org"}),
        ("post", "relationships/", {"user_id": str(uuid4()), "type": "friend", "status": "accepted"}),
    ],
)
def test_unknown_fields_are_refused(ada: Caller, verb: str, path: str, body: dict) -> None:
    status, answer = ada(verb, path, body)
    assert (status, answer["code"]) == (400, "invalid")
    assert answer["fields"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=-1", "limit=٣", "cursor=x", "cursor=" + "A" * 5000]
)
def test_pages_that_do_not_exist(ada: Caller, query: str) -> None:
    for path in ("users/", "relationships/"):
        status, body = ada("get", f"{path}?{query}")
        assert (status, body["code"]) == (400, "invalid")


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"login": NaN}', b"\xff\xfe", "null", '"x"', "[]"])
def test_what_is_no_object_is_refused(anyone: Caller, body: str | bytes) -> None:
    response = Client().post(API + "auth/token/", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("path", ["users/x/", "users/1/", "relationships/x/", "me/sessions/x/", "users/$ne/"])
def test_what_is_no_id_is_not_found(ada: Caller, path: str) -> None:
    for verb in ("get", "delete"):
        assert getattr(ada.client, verb)(API + path, headers=ada.headers).status_code == 404


NOBODY = "00000000-0000-4000-8000-000000000000"
PRIVATE = [
    ("get", "me/"),
    ("patch", "me/"),
    ("get", "me/settings/"),
    ("patch", "me/settings/"),
    ("get", "me/sessions/"),
    ("delete", f"me/sessions/{NOBODY}/"),
    ("get", "users/"),
    ("get", f"users/{NOBODY}/"),
    ("get", "relationships/"),
    ("post", "relationships/"),
    ("delete", f"relationships/{NOBODY}/"),
    ("post", "auth/ticket/"),
]


@pytest.mark.parametrize(("verb", "path"), PRIVATE)
def test_everything_else_needs_a_token(anyone: Caller, verb: str, path: str) -> None:
    status, body = anyone(verb, path, {} if verb in ("post", "patch") else None)
    assert (status, body["code"]) == (401, "invalid_credentials")
