"""The staff's windows on notifications and preferences."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from chatsite.types import ObjectId
from notifications.collector import Collector
from notifications.documents import Channels, Types
from notifications.services import inbox, preferences, telling
from tests.cast import Cast, acquaint
from tests.notifications.conftest import say

pytestmark = pytest.mark.django_db(databases=["default", "documents"])
NOTIFICATIONS, PREFERENCES = "/admin/notifications/notification/", "/admin/notifications/notificationpreference/"


@pytest.fixture
def told(cast: Cast, collector: Collector) -> str:
    """Ada was told of a message, and everybody's preferences are as they were but ben's. The notification's id."""
    talk = acquaint(cast.ben, cast.ada)
    say(cast.ben, talk, "the old oak")
    collector.flush()
    telling.announce("to eve", [cast.eve.chat_id], ObjectId())
    preferences.put(cast.ben.chat_id, Channels(in_app=False), Types(system=False))
    return str(inbox.page(cast.ada.chat_id).notifications[0].id)


@pytest.fixture
def root(cast: Cast, client: Client) -> Client:
    cast.ada.is_staff = cast.ada.is_superuser = True
    cast.ada.save()
    client.force_login(cast.ada)
    return client


def count(client: Client, address: str, query: dict[str, Any] | None = None) -> int:
    return int(client.get(address, query or {}).context["cl"].result_count)


def test_lists_searches_filters_and_hierarchy(cast: Cast, root: Client, told: str) -> None:
    now = timezone.now()
    for query, expected in (
        ({}, 2),
        ({"q": "ada"}, 1),
        ({"q": "Stranger"}, 1),
        ({"q": cast.ben.chat_id}, 0),
        ({"q": told}, 1),
        ({"type__exact": "system"}, 1),
        ({"is_read__exact": "1"}, 0),
        ({"is_read__exact": "0"}, 2),
        ({"created_at__year": now.year, "created_at__month": now.month}, 2),
        ({"created_at__year": now.year - 1}, 0),
    ):
        assert count(root, NOTIFICATIONS, query) == expected, query
    assert count(root, PREFERENCES) == count(root, PREFERENCES, {"q": "ben"}) == 1


def test_pages_open(cast: Cast, root: Client, told: str) -> None:
    page = root.get(f"{NOTIFICATIONS}{told}/change/").content.decode()
    assert "the old oak" in page
    assert f"/admin/accounts/user/{cast.ada.pk}/change/" in page
    known = root.get(PREFERENCES).context["cl"].result_list[0]
    page = root.get(f"{PREFERENCES}{known.pk}/change/").content.decode()
    assert "message, friend_request" in page


def test_only_administrators_see_what_was_said(cast: Cast, root: Client, told: str) -> None:
    assert "old oak" not in root.get(NOTIFICATIONS).content.decode()
    cast.dora.user_permissions.set(Permission.objects.filter(content_type__app_label="notifications"))
    staff = Client()
    staff.force_login(cast.dora)
    page = staff.get(f"{NOTIFICATIONS}{told}/change/")
    assert page.status_code == 200
    assert "old oak" not in page.content.decode()
    assert staff.get(NOTIFICATIONS, {"content__preview": "the old oak"}).status_code == 400


@pytest.mark.parametrize("address", [NOTIFICATIONS, PREFERENCES])
def test_nothing_is_written_and_strangers_see_nothing(cast: Cast, root: Client, told: str, address: str) -> None:
    first = root.get(address).context["cl"].result_list[0]
    for path in ("add/", f"{first.pk}/change/", f"{first.pk}/delete/"):
        assert root.post(f"{address}{path}", {"post": "yes"}).status_code == 403
    assert count(root, address) > 0
    client = Client()
    client.force_login(cast.eve)
    assert client.get(address, follow=True).status_code == 403
