"""What happened to a group stands between its messages, in the words of whoever reads it, and is no message itself."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags

from chatsite import mongo
from messaging import access
from messaging.documents import Conversation
from messaging.repositories import changes, messages
from messaging.services import archive, conversations, members
from messaging.services import messages as log
from tests.cast import Cast
from tests.messaging.conftest import Apis
from tests.messaging.views.conftest import Enter, enter, say  # noqa: F401

pytestmark = pytest.mark.django_db


def told(html: str) -> list[str]:
    """The list as one reads it: a message as its text, a happening in brackets."""
    html = html.partition("<template")[0]
    line = r'<li class="happening"[^>]*><span dir="auto">(?P<line>.*?)</span> <time'
    found = re.finditer(line + r'|<div class="message-body"[^>]*>(?P<text>.*?)</div>', html, re.S)
    return [f"[{strip_tags(one['line'])}]" if one["line"] else strip_tags(one["text"]).strip() for one in found]


@pytest.fixture
def story(cast: Cast) -> Conversation:
    """A group to which something happens between every two messages."""
    group = conversations.create_group(cast.ada.chat_id, "Kites", [cast.ben.chat_id])
    say(cast.ada, group, "one")
    members.add(cast.ada.chat_id, group.id, [cast.cleo.chat_id, cast.dora.chat_id])
    conversations.rename(cast.ada.chat_id, group.id, "<b>Dragons</b>")
    say(cast.ben, group, "two")
    members.set_role(cast.ada.chat_id, group.id, cast.ben.chat_id, "admin")
    members.leave(cast.dora.chat_id, group.id)
    say(cast.ben, group, "three")
    members.remove(cast.ben.chat_id, group.id, cast.cleo.chat_id)
    return group


ADAS = [
    "[You created the group]",
    "one",
    "[You added Cleo Marchetti and Dora Lindqvist]",
    "[You named the group “&lt;b&gt;Dragons&lt;/b&gt;”]",
    "two",
    "[You made Ben Okafor an admin]",
    "[Dora Lindqvist left]",
    "three",
    "[Ben Okafor removed Cleo Marchetti]",
]


def test_a_page_tells_it_in_the_words_of_its_reader(cast: Cast, story: Conversation, enter: Enter) -> None:  # noqa: F811
    assert told(enter(cast.ada).get(f"/c/{story.id}/").content.decode()) == ADAS
    bens = told(enter(cast.ben).get(f"/c/{story.id}/").content.decode())
    assert bens[0] == "[Ada Lovelace created the group]"
    assert bens[5] == "[Ada Lovelace made you an admin]"
    assert bens[8] == "[You removed Cleo Marchetti]"


def test_pages_of_history_have_every_line_once(cast: Cast, story: Conversation, enter: Enter) -> None:  # noqa: F811
    """Going up from the middle, and down from it: what follows the first message of a page is on that page."""
    client, here = enter(cast.ada), f"/c/{story.id}/messages/"
    up = told(client.get(here, {"before": 3}).content.decode())
    down = told(client.get(here, {"after": 2}).content.decode())
    assert up == ADAS[:7]
    assert down == ADAS[5:]  # what stands right behind the last message shown comes again: browsers know it by its rev


def test_it_is_no_message(cast: Cast, story: Conversation, api: Apis) -> None:
    assert messages.head(story.id) == 3
    listed = api(cast.ada).get(f"conversations/{story.id}/changes/").json()["results"]
    assert [(one["kind"], one["at_seq"]) for one in listed] == [
        ("created", 0),
        ("member_added", 1),
        ("renamed", 1),
        ("role_changed", 2),
        ("member_left", 2),
        ("member_removed", 3),
    ]


def test_a_page_behind_all_of_it_does_not_look(
    cast: Cast, story: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        say(cast.ada, story, f"later {number}")
    seat = access.conversation(cast.ada.chat_id, story.id)
    asked: list[int] = []
    known = changes.between
    monkeypatch.setattr(changes, "between", lambda here, low, last: asked.append(low) or known(here, low, last))
    assert log.happened(seat, log.read_page(seat, limit=3)) == []
    assert asked == []
    assert [one.kind for one in log.happened(seat, log.read_page(seat, limit=5))] == ["member_removed"]
    assert asked == [3]


def test_the_past_that_is_written_in_now_tells_nothing(cast: Cast, enter: Enter) -> None:  # noqa: F811
    room = archive.room("Old log", cast.ada.chat_id)
    archive.let_in(room.id, cast.ada.chat_id)
    archive.seat(room.id, [cast.ben.chat_id, cast.cleo.chat_id])
    say(cast.ada, room, "one")
    assert told(enter(cast.ada).get(f"/c/{room.id}/").content.decode()) == ["one"]


def test_what_was_changed_before_lines_had_places_is_no_trouble(cast: Cast, story: Conversation, enter: Enter) -> None:  # noqa: F811
    mongo.database()["message_changes"].update_many({}, {"$unset": {"at_seq": ""}})
    mongo.database()["conversations"].update_many({}, {"$unset": {"lined_seq": ""}})
    assert told(enter(cast.ada).get(f"/c/{story.id}/").content.decode()) == ["one", "two", "three"]
    conversations.rename(cast.ada.chat_id, story.id, "Kites")
    assert told(enter(cast.ada).get(f"/c/{story.id}/").content.decode())[-1] == "[You named the group “Kites”]"
