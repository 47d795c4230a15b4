"""SECURITY.md A2: every address of the site, asked by nobody and by a stranger.

What is new is asked as well, whoever wrote it. An address that answers everybody has to be named here, and so has one
whose ids this module cannot fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Application, User
from accounts.services import invitations, relationships, tokens
from messaging.documents import Conversation
from messaging.services import invites, saving, scheduling
from tests.cast import Cast
from tests.messaging.conftest import Apis, api, group, say
from tests.messaging.files.conftest import media, upload

__all__ = ["api", "group", "media"]
pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
KEPT_FROM_NOBODY = (400, 401, 403, 404, 405, 410, 415)
LOG_IN = "/accounts/login/"
OPEN = {
    "health/live",
    "health/ready",
    "manifest.webmanifest",
    "offline/",
    "sw.js",
    "left/",
    "welcome/",
    "words/<str:language>/<slug:version>.js",
    "static/all.<slug:version>.css",
    "api/v1/asyncapi.json",
    "api/v1/docs/",
    "api/v1/schema/",
}
"""What is for everybody. So is what allauth has below /accounts/, by which one gets in."""
FOR_ALL = {"api/v1/users/<uuid:user_id>/", "people/<str:username>/", "people/<str:username>/relationship/"}
"""What is for everybody who is signed in."""
ELSEWHERE = {"key", "secret", "notification_id", "pk", "provider_id"}
"""Ids that other tests ask for: of files and pictures, links, notifications, passkeys."""
C, M = "api/v1/conversations/<str:conversation_id>/", "api/v1/messages/<str:message_id>/"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("put", f"{C}draft/"): {"text": "x"},
    ("post", f"{C}messages/"): {"client_id": str(uuid4()), "content": "x"},
    ("post", f"{C}receipts/"): {"kind": "read", "seq": 1},
    ("patch", f"{C}members/<str:user_id>/"): {"role": "admin"},
    ("patch", M): {"op_id": str(uuid4()), "content": "x"},
    ("post", f"{M}reactions/"): {"op_id": str(uuid4()), "emoji": "🙂", "on": True},
    ("post", f"{M}pin/"): {"op_id": str(uuid4()), "on": True},
}
"""What is of the right shape, where nothing is not."""
SHAPE_FIRST = {
    "patch api/v1/attachments/<str:attachment_id>/",
    "post scheduled/<hex:scheduled_id>/change/",
}
"""What is wrong in itself is said so before anybody looks whose it is: 400, whatever the id."""
QUERIES = {f"{C}hidden/": "?first=1&last=1", f"{C}receipts/": "?seq=1"}


def walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The addresses below these, but for the admin's, which answers the staff, and those of patterns of old."""
    for one in patterns:
        if isinstance(one, URLPattern):
            yield before + str(one.pattern)
        elif str(one.pattern) != "admin/":
            yield from walk(one.url_patterns, before + str(one.pattern))


ROUTES = sorted(route for route in set(walk(get_resolver().url_patterns)) if "^" not in route)


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def answer(client: Client, method: str, route: str, ids: dict[str, str]) -> Any:
    path = "/" + PLACE.sub(lambda place: ids.get(place[1], "1"), route)
    if method == "get":
        return client.get(path + QUERIES.get(route, ""))
    if not route.startswith("api/"):
        return getattr(client, method)(path)
    body = BODIES.get((method, route), {})
    if route == f"{C}members/":
        body = {"user_ids": [ids["stranger"]]}
    if route == f"{M}forward/":
        body = {"client_id": str(uuid4()), "user_ids": [ids["user_id"]]}
    return getattr(client, method)(path, body, "application/json")


@pytest.fixture
def ids(cast: Cast, api: Apis, group: Conversation, settings: Settings) -> dict[str, str]:  # noqa: F811
    """What is ada's, by the names that addresses have for it."""
    settings.CHAT_SIGNUP, settings.CHAT_INVITERS = "invite", "members"
    here, message, me = group.id, say(cast.ada, group), cast.ada.chat_id
    saving.save(me, message.id)
    later = scheduling.schedule(me, here, uuid4(), "later", timezone.now() + timedelta(days=1))
    session = UserSession.objects.create(user=cast.ada, session_key="x", ip="127.0.0.1", user_agent="")
    return {
        "conversation_id": str(here),
        "message_id": str(message.id),
        "scheduled_id": str(later.id),
        "invite_id": str(invites.make(me, here)[0].id),
        "attachment_id": upload(api(cast.ada), group)["id"],
        "user_id": cast.ben.chat_id,
        "stranger": cast.eve.chat_id,
        "relationship_id": str(relationships.request(me, cast.dora.chat_id).pk),
        "family": str(tokens.families(me)[0].id),
        "browser": str(session.pk),
        "invitation": str(invitations.make(cast.ada, days=1, people=1)[0].pk),
        "application": str(Application.objects.create(user=cast.cleo).pk),
    }


def test_nobody_gets_in_anywhere(ids: dict[str, str]) -> None:
    let_in = {}
    for route in ROUTES:
        if route in OPEN or route.startswith("accounts/"):
            continue
        for method in METHODS:
            found = answer(Client(raise_request_exception=False), method, route, ids)
            if found.status_code not in KEPT_FROM_NOBODY and not found.get("Location", "").startswith(LOG_IN):
                let_in[f"{method} {route}"] = found.status_code
    assert let_in == {}


def test_what_is_somebodys_is_not_there_for_a_stranger(cast: Cast, ids: dict[str, str]) -> None:
    ada, eve = browser(cast.ada), browser(cast.eve)
    found, asked = {}, 0
    for route in ROUTES:
        places = set(PLACE.findall(route))
        if not places or route in OPEN | FOR_ALL or places & ELSEWHERE:
            continue
        assert places <= ids.keys(), f"{route} is not asked: say here what its ids are"
        for method in METHODS:
            status, asked = answer(eve, method, route, ids).status_code, asked + 1
            if status not in (404, 405) and (status, f"{method} {route}" in SHAPE_FIRST) != (400, True):
                found[f"{method} {route}"] = status
        if answer(eve, "get", route, ids).status_code == 404 and answer(ada, "get", route, ids).status_code == 404:
            found[f"ada's {route}"] = 404
    assert found == {} and asked > 200
