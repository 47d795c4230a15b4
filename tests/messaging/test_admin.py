"""The staff's windows on conversations and messages: every list, search, filter, hierarchy and page, really asked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from chatsite.mongo.windows import admin
from chatsite.types import ObjectId
from messaging.documents import Conversation, Message
from messaging.repositories.conversations import project
from messaging.services import conversations, messages, receipts
from tests.cast import Cast, acquaint

pytestmark = pytest.mark.django_db(databases=["default", "documents"])
CONVERSATIONS, MESSAGES = "/admin/messaging/conversation/", "/admin/messaging/message/"
MEMBERSHIPS, CHANGES = "/admin/messaging/membership/", "/admin/messaging/change/"
SECRET = "meet me <b>behind</b> the old oak"


@pytest.fixture
def garden(cast: Cast) -> Conversation:
    return conversations.create_group(cast.ada.chat_id, "Garden (club) *", [cast.ben.chat_id, cast.dora.chat_id])


@pytest.fixture
def secret(cast: Cast) -> Message:
    """Said by ben to ada alone, and read by her."""
    talk = acquaint(cast.ben, cast.ada)
    said = messages.send(cast.ben.chat_id, talk.id, str(uuid4()), SECRET).message
    receipts.mark(cast.ada.chat_id, talk.id, "read", said.seq)
    project([said])  # otherwise a thread does, in its own time
    return said


@pytest.fixture
def root(cast: Cast, client: Client) -> Client:
    """An administrator: ada."""
    cast.ada.is_staff = cast.ada.is_superuser = True
    cast.ada.save()
    client.force_login(cast.ada)
    return client


@pytest.fixture
def staff(cast: Cast) -> Client:
    """Dora may look at everything here, and is no administrator."""
    cast.dora.user_permissions.set(Permission.objects.filter(content_type__app_label="messaging"))
    client = Client()
    client.force_login(cast.dora)
    return client


def rows(client: Client, address: str, query: dict[str, Any] | None = None) -> list[Any]:
    """What a list shows, as objects."""
    response = client.get(address, query or {})
    assert response.status_code == 200, response
    return list(response.context["cl"].result_list)


@pytest.mark.parametrize("address", [CONVERSATIONS, MESSAGES, MEMBERSHIPS, CHANGES])
def test_lists_and_pages_open(root: Client, garden: Conversation, secret: Message, address: str) -> None:
    found = rows(root, address)
    assert found
    page = root.get(f"{address}{found[0].pk}/change/")
    assert page.status_code == 200
    assert "ada" in page.content.decode()


def test_conversations_are_searched_by_name_member_and_id(
    cast: Cast, root: Client, garden: Conversation, secret: Message
) -> None:
    both = {garden.id, secret.conversation_id}
    for term, expected in {
        "garden": {garden.id},
        "(club) *": {garden.id},
        "Okafor": both,
        "dora": {garden.id},
        "dora@example.org": {garden.id},
        cast.ben.chat_id: both,
        str(secret.conversation_id): {secret.conversation_id},
        str(ObjectId()): set(),
        "nobody": set(),
        cast.eve.chat_id: set(),
        ".*": set(),
    }.items():
        assert {one.pk for one in rows(root, CONVERSATIONS, {"q": term})} == expected, term


def test_conversations_are_filtered(root: Client, garden: Conversation, secret: Message) -> None:
    day = garden.created_at
    for query, expected in (
        ({"type__exact": "group"}, {garden.id}),
        ({"type__exact": "private"}, {secret.conversation_id}),
        ({"is_active__exact": "1"}, {garden.id, secret.conversation_id}),
        ({"is_active__exact": "0"}, set()),
        ({"created_at__year": day.year, "created_at__month": day.month}, {garden.id, secret.conversation_id}),
        ({"created_at__year": day.year - 1}, set()),
    ):
        assert {one.pk for one in rows(root, CONVERSATIONS, query)} == expected, query


def test_messages_are_searched_by_sender_words_and_id(
    cast: Cast, root: Client, garden: Conversation, secret: Message
) -> None:
    other = messages.send(cast.ada.chat_id, garden.id, str(uuid4()), "nothing special").message
    for term, expected in {
        "ben": {secret.id},
        "OLD OAK": {secret.id},
        "<b>": {secret.id},
        cast.ada.chat_id: {other.id},
        str(garden.id): {other.id},
        str(secret.id): {secret.id},
        "eve": set(),
    }.items():
        assert {one.pk for one in rows(root, MESSAGES, {"q": term})} == expected, term
    assert {one.pk for one in rows(root, MESSAGES, {"conversation_id__exact": str(garden.id)})} == {other.id}
    at = secret.created_at
    day = {"created_at__year": at.year, "created_at__month": at.month, "created_at__day": at.day}
    assert len(rows(root, MESSAGES, day)) == 2


def test_memberships_and_changes_are_searched(cast: Cast, root: Client, garden: Conversation, secret: Message) -> None:
    assert [one.role for one in rows(root, MEMBERSHIPS, {"q": "ada", "role__exact": "owner"})] == ["owner"]
    assert len(rows(root, MEMBERSHIPS, {"q": str(garden.id)})) == 3
    assert [one.kind for one in rows(root, CHANGES, {"q": "ada"})] == ["created"]
    assert rows(root, CHANGES, {"q": "ben"}) == []


def test_columns_can_be_sorted(root: Client, garden: Conversation, secret: Message) -> None:
    for column in range(1, 9):
        assert len(rows(root, CONVERSATIONS, {"o": f"-{column}"})) == 2
    for column in range(1, 5):
        assert len(rows(root, MESSAGES, {"o": str(column)})) == 1


def test_pages_of_a_list(cast: Cast, root: Client, garden: Conversation) -> None:
    for number in range(60):
        messages.send(cast.ada.chat_id, garden.id, str(uuid4()), f"number {number}")
    first, second = rows(root, MESSAGES), rows(root, MESSAGES, {"p": "2"})
    assert (len(first), len(second)) == (50, 10)
    assert {one.seq for one in first + second} == set(range(1, 61))


def test_a_huge_list_is_counted_so_far_and_spared_the_hierarchy(
    cast: Cast, root: Client, garden: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "MOST_COUNTED", 3)
    for number in range(5):
        messages.send(cast.ada.chat_id, garden.id, str(uuid4()), f"number {number}")
    found = root.get(MESSAGES).context["cl"]
    assert (found.result_count, found.date_hierarchy) == (3, None)
    few = root.get(CHANGES).context["cl"]
    assert (few.result_count, few.date_hierarchy) == (1, "created_at")


def test_a_wrong_id_is_answered_not_crashed(root: Client, secret: Message) -> None:
    assert root.get(MESSAGES, {"conversation_id__exact": "x"}).status_code == 302
    assert root.get(f"{MESSAGES}nonsense/change/").status_code == 302
    assert root.get(f"{MESSAGES}{ObjectId()}/change/").status_code == 302


def test_an_administrator_reads_the_text_on_the_page_only(root: Client, secret: Message) -> None:
    assert "old oak" not in root.get(MESSAGES).content.decode()
    page = root.get(f"{MESSAGES}{secret.id}/change/").content.decode()
    assert "meet me &lt;b&gt;behind&lt;/b&gt; the old oak" in page
    assert "old oak" in root.get(f"{CONVERSATIONS}{secret.conversation_id}/change/").content.decode()


def test_other_staff_never_see_the_text_nor_find_by_it(staff: Client, secret: Message) -> None:
    page = staff.get(f"{MESSAGES}{secret.id}/change/").content.decode()
    assert f"Hidden: {len(SECRET)} characters" in page
    about = staff.get(f"{CONVERSATIONS}{secret.conversation_id}/change/").content.decode()
    for text in (page, about, staff.get(MESSAGES).content.decode(), staff.get(CONVERSATIONS).content.decode()):
        assert "old oak" not in text
    assert rows(staff, MESSAGES, {"q": "oak"}) == []
    assert len(rows(staff, MESSAGES, {"q": "ben"})) == 1


@pytest.mark.parametrize("lookup", ["content__contains", "content__startswith", "content__regex", "content"])
def test_other_staff_cannot_guess_the_text_by_filters_in_the_address(
    staff: Client, secret: Message, lookup: str
) -> None:
    right = staff.get(MESSAGES, {lookup: SECRET})
    wrong = staff.get(MESSAGES, {lookup: "something else"})
    assert (right.status_code, right.headers.get("Location")) == (wrong.status_code, wrong.headers.get("Location"))
    assert right.status_code == 400


def test_the_page_of_a_conversation_lists_its_members(cast: Cast, root: Client, garden: Conversation) -> None:
    page = root.get(f"{CONVERSATIONS}{garden.id}/change/").content.decode()
    for person in (cast.ada, cast.ben, cast.dora):
        assert f'<a href="/admin/accounts/user/{person.pk}/change/">{person.username}</a>' in page
    assert f"/admin/accounts/user/{cast.eve.pk}/" not in page
    assert f"{MESSAGES}?conversation_id__exact={garden.id}" in page


def test_the_page_of_a_message_says_who_read_it(cast: Cast, root: Client, secret: Message) -> None:
    page = root.get(f"{MESSAGES}{secret.id}/change/").content.decode()
    assert page.count(f"/admin/accounts/user/{cast.ada.pk}/change/") == 2  # delivered to, read by


@pytest.mark.parametrize("address", [CONVERSATIONS, MESSAGES, MEMBERSHIPS, CHANGES])
def test_nothing_can_be_added_changed_or_deleted(
    root: Client, garden: Conversation, secret: Message, address: str
) -> None:
    (first, *_rest) = rows(root, address)
    assert root.get(f"{address}add/").status_code == 403
    assert root.post(f"{address}add/", {"name": "x"}).status_code == 403
    assert root.post(f"{address}{first.pk}/change/", {"name": "x", "content": "x"}).status_code == 403
    assert root.post(f"{address}{first.pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.post(address, {"action": "delete_selected", "_selected_action": [first.pk]}).status_code in (200, 302)
    assert first.pk in {one.pk for one in rows(root, address)}


@pytest.mark.parametrize("address", [CONVERSATIONS, MESSAGES, MEMBERSHIPS, CHANGES])
def test_who_has_no_permission_sees_nothing(cast: Cast, secret: Message, address: str) -> None:
    for person, status in ((cast.dora, 403), (cast.eve, 403)):
        client = Client()
        client.force_login(person)
        assert client.get(address, follow=True).status_code == status
    assert Client().get(address, follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
