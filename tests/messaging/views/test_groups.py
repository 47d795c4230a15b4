"""Starting conversations, and the details of a group, with forms alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import relationships
from messaging.documents import Conversation
from messaging.repositories import conversations
from messaging.services import members
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks

NEW = "/c/new/"


def mine(user: User) -> list[Conversation]:
    return conversations.of_person(user.chat_id)


def roles(where: Conversation) -> dict[str, str]:
    return {one.user_id: one.role for one in conversations.seats(where.id)}


def change(client: Client, where: Conversation, what: str, **form: object) -> int:
    return client.post(reverse(f"conversation-{what}", args=[str(where.id)]), form).status_code


def test_one_person_opens_the_one_private_conversation(cast: Cast, enter: Enter) -> None:
    for _ in range(2):
        answer = enter(cast.ada).post(NEW, {"who": cast.dora.chat_id})
    (talk,) = mine(cast.ada)
    assert answer["Location"] == f"/c/{talk.id}/"
    assert talk.type == "private"


def test_several_people_make_a_group(cast: Cast, enter: Enter) -> None:
    enter(cast.ada).post(NEW, {"who": [cast.ben.chat_id, cast.dora.chat_id], "name": "Garden"})
    (group,) = mine(cast.ada)
    assert (group.type, group.name) == ("group", "Garden")
    assert roles(group) == {cast.ada.chat_id: "owner", cast.ben.chat_id: "member", cast.dora.chat_id: "member"}


def test_a_group_without_a_name_asks_for_one_and_keeps_the_choice(cast: Cast, enter: Enter) -> None:
    answer = enter(cast.ada).post(NEW, {"who": [cast.ben.chat_id, cast.dora.chat_id]})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Give the group a name." in html
    assert len(re.findall(r'name="who" value="[^"]+" checked', html)) == 2
    assert mine(cast.ada) == []


@pytest.mark.parametrize("who", [[], ["not an id"], ["00000000-0000-4000-8000-000000000000"]])
def test_nobody_to_talk_with(cast: Cast, enter: Enter, who: list[str]) -> None:
    assert enter(cast.ada).post(NEW, {"who": who}).status_code == 400
    assert mine(cast.ada) == []


def test_blocked_people_cannot_be_taken_into_a_group(cast: Cast, enter: Enter) -> None:
    relationships.block(cast.cleo.chat_id, cast.ada.chat_id)
    assert enter(cast.ada).post(NEW, {"who": [cast.cleo.chat_id, cast.ben.chat_id], "name": "x"}).status_code == 400
    assert mine(cast.ada) == []


def test_searching_people_keeps_who_was_chosen(cast: Cast, enter: Enter) -> None:
    html = enter(cast.ada).get(NEW, {"q": "dora", "who": cast.ben.chat_id}).content.decode()
    assert f'value="{cast.ben.chat_id}" checked' in html
    assert f'value="{cast.dora.chat_id}">' in html
    assert cast.eve.chat_id not in html
    assert 'type="hidden" name="csrfmiddlewaretoken"' not in re.findall(r'<form class="page.*?</form>', html, re.S)[0]


def test_owner_and_admins_rename(cast: Cast, talks: Talks, enter: Enter) -> None:
    assert change(enter(cast.ada), talks.group, "rename", name="Difference Engine") == 302
    assert change(enter(cast.ben), talks.group, "rename", name="Mine") == 403
    members.set_role(cast.ada.chat_id, talks.group.id, cast.ben.chat_id, "admin")
    assert change(enter(cast.ben), talks.group, "rename", name=" ") == 400
    assert change(enter(cast.ben), talks.group, "rename", name="Both Engines") == 302
    found = conversations.by_id(talks.group.id)
    assert found is not None and found.name == "Both Engines"


def test_adding_and_removing(cast: Cast, talks: Talks, enter: Enter) -> None:
    assert change(enter(cast.ben), talks.group, "add", who=cast.eve.chat_id) == 403
    assert change(enter(cast.ada), talks.group, "add", who=cast.dora.chat_id) == 302
    assert change(enter(cast.ada), talks.group, "add") == 302  # nobody ticked: nothing to do
    assert change(enter(cast.ben), talks.group, "remove", who=cast.dora.chat_id) == 403
    assert change(enter(cast.ada), talks.group, "remove", who=cast.cleo.chat_id) == 302
    assert roles(talks.group).keys() == {cast.ada.chat_id, cast.ben.chat_id, cast.dora.chat_id}


def test_people_to_add_are_searched(cast: Cast, talks: Talks, enter: Enter) -> None:
    client, where = enter(cast.ada), reverse("conversation-details", args=[str(talks.group.id)])
    assert offered(client.get(where).content.decode()) == set()
    assert offered(client.get(where, {"people": "do"}).content.decode()) == {cast.dora.chat_id}
    everyone = {cast.dora.chat_id, cast.eve.chat_id}  # who is not in it yet
    assert offered(client.get(where, {"people": ""}).content.decode()) == everyone


def offered(html: str) -> set[str]:
    return set(re.findall(r'<input type="checkbox" name="who" value="([^"]+)"', html))


def test_roles(cast: Cast, talks: Talks, enter: Enter) -> None:
    assert change(enter(cast.ben), talks.group, "role", who=cast.cleo.chat_id, role="admin") == 403
    assert change(enter(cast.ada), talks.group, "role", who=cast.ben.chat_id, role="king") == 400
    assert change(enter(cast.ada), talks.group, "role", who=cast.ben.chat_id, role="owner") == 302
    assert roles(talks.group)[cast.ben.chat_id] == "owner"
    assert roles(talks.group)[cast.ada.chat_id] == "admin"


def test_leaving(cast: Cast, talks: Talks, enter: Enter) -> None:
    client = enter(cast.ben)
    assert change(client, talks.group, "leave") == 302
    assert cast.ben.chat_id not in roles(talks.group)
    assert "You left the group." in client.get("/").content.decode()


def test_members_are_offered_only_what_they_may(cast: Cast, talks: Talks, enter: Enter) -> None:
    where = reverse("conversation-details", args=[str(talks.group.id)])
    owner, member = (enter(one).get(where).content.decode() for one in (cast.ada, cast.ben))
    for words in ("Manage", "Make an admin", "Hand the group over", "Remove from the group", "Add people"):
        assert words in owner
        assert words not in member
    assert "Leave the group" in owner and "Leave the group" in member


def test_a_private_conversation_has_no_group_in_its_details(cast: Cast, talks: Talks, enter: Enter) -> None:
    html = enter(cast.ada).get(reverse("conversation-details", args=[str(talks.private.id)])).content.decode()
    assert "Members" not in html and "Leave" not in html
    assert '/people/ben/"' in html
