"""The start page of the admin: figures that are right, a chart, and nothing for strangers."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chatsite import mongo
from chatsite.staff import figures
from messaging.repositories.conversations import project
from messaging.services import conversations, messages
from tests.cast import Cast

pytestmark = pytest.mark.django_db(databases=["default", "documents"])


@pytest.fixture
def said(cast: Cast) -> None:
    """Four messages today, in a group and a private conversation; one of them moved to three days ago."""
    group = conversations.create_group(cast.ada.chat_id, "Garden", [cast.ben.chat_id])
    talk, _created = conversations.start_private(cast.ben.chat_id, cast.ada.chat_id)
    for where in (group, group, group, talk):
        last = messages.send(cast.ben.chat_id, where.id, str(uuid4()), "hello").message
        project([last])
    earlier = {"$set": {"created_at": timezone.now() - timedelta(days=3)}}
    mongo.database()["messages"].update_one({"_id": last.id}, earlier)


def test_the_figures(cast: Cast, said: None) -> None:
    User.objects.filter(pk=cast.eve.pk).update(is_active=False)
    User.objects.filter(pk=cast.ada.pk).update(created_at=timezone.now() - timedelta(days=8), last_login=timezone.now())
    now = figures.current()
    assert (now.people, now.new_people, now.seen_people) == (4, 4, 1)
    assert (now.conversations, now.groups, now.messages) == (2, 1, 4)
    assert [day.messages for day in now.days[-4:]] == [1, 0, 0, 3]
    assert (now.today.messages, now.busiest, now.recent, len(now.days)) == (3, 3, 4, figures.DAYS)
    assert [day.height for day in now.days[-4:]] == [33, 0, 0, 100]


def test_the_page_shows_them(cast: Cast, said: None, client: Client) -> None:
    cast.ada.is_staff = cast.ada.is_superuser = True
    cast.ada.save()
    client.force_login(cast.ada)
    page = client.get("/admin/").content.decode()
    assert "4 messages in 30 days" in page
    assert page.count('class="bar"') == figures.DAYS
    assert 'href="/admin/messaging/message/"' in page
    assert " style=" not in page


def test_nothing_said_yet(cast: Cast) -> None:
    now = figures.current()
    assert (now.messages, now.busiest, now.recent) == (0, 0, 0)
    assert {day.height for day in now.days} == {0}


def test_people_sign_in_by_the_one_door(cast: Cast, client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fadmin%2F")
    assert client.post("/admin/login/", {"username": "ada", "password": "x"}).status_code == 302
    client.force_login(cast.eve)
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(cast.dora)
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "any" in page.content.decode()  # staff without a permission: the figures, and no list


def test_own_apps_come_first(cast: Cast, client: Client) -> None:
    cast.ada.is_staff = cast.ada.is_superuser = True
    cast.ada.save()
    client.force_login(cast.ada)
    apps = [app["app_label"] for app in client.get("/admin/").context["app_list"]]
    assert apps[:3] == ["accounts", "messaging", "notifications"]
