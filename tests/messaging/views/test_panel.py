"""The panel about a conversation: its parts as pages and alone, by cursor, and for nobody but its members."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from accounts.services import relationships
from messaging import access
from messaging.documents import Conversation
from messaging.services import amendments, members, messages, shelves, uploads
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

pytestmark = pytest.mark.django_db
ALONE = {"X-Requested-With": "XMLHttpRequest"}
PARTS = ("", "files/", "links/", "pins/")


def send(who: User, where: Conversation, name: str, content: bytes) -> None:
    seat = access.conversation(who.chat_id, where.id)
    file = uploads.take(who.chat_id, seat, SimpleUploadedFile(name, content))
    messages.send(who.chat_id, where.id, uuid4(), "", files=[file.id])


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_a_page_or_comes_alone_and_strangers_get_neither(
    cast: Cast, talks: Talks, enter: Enter, part: str
) -> None:
    address = f"/c/{talks.group.id}/details/{part}"
    page = enter(cast.ada).get(address).content.decode()
    alone = enter(cast.ada).get(address, headers=ALONE).content.decode()
    assert "<chat-composer" in page and "<chat-composer" not in alone
    for html in (page, alone):
        assert html.count("<chat-details") == 1
        assert re.search(rf'class="tab" href="[^"]*/details/{part}" data-load aria-current="page"', html)
    for headers in ({}, ALONE):
        assert enter(cast.eve).get(address, headers=headers).status_code == 404
    members.remove(cast.ada.chat_id, talks.group.id, cast.cleo.chat_id)
    assert enter(cast.cleo).get(address, headers=ALONE).status_code == 404


def test_files_stand_in_a_grid_or_in_rows_and_lead_to_their_message(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group)
    send(cast.ben, talks.group, "kite.png", picture())
    send(cast.ben, talks.group, "plan.txt", b"a line")
    send(cast.ada, talks.private, "secret.txt", b"not here")
    html = enter(cast.ada).get(f"/c/{talks.group.id}/details/files/", headers=ALONE).content.decode()
    grid, rows = html.split('class="shelf-pictures"')[1].split('class="shelf"')
    assert 'data-name="kite.png"' in grid and "plan.txt" not in grid
    assert "plan.txt" in rows and "kite.png" not in rows and "secret.txt" not in html
    assert f'href="/c/{talks.group.id}/?around=3#message-3"' in rows


def test_links_are_those_a_message_leads_to(cast: Cast, talks: Talks, enter: Enter) -> None:
    text = "see https://kites.example/a?b=1&c=2 and [this](https://wind.example/) `https://code.example`"
    say(cast.ben, talks.group, text)
    say(cast.ben, talks.group, "javascript://alert(1) <b>https://</b>")
    say(cast.ada, talks.private, "https://private.example/")
    html = enter(cast.ada).get(f"/c/{talks.group.id}/details/links/", headers=ALONE).content.decode()
    assert re.findall(r'class="shelf-link" href="([^"]+)"', html) == [
        "https://kites.example/a?b=1&amp;c=2",
        "https://wind.example/",
    ]


def test_pins_come_by_cursor_the_latest_first(cast: Cast, talks: Talks, enter: Enter) -> None:
    sent = [say(cast.ben, talks.group, f"word {number}") for number in range(5)]
    for one in (sent[2], sent[0], sent[4], sent[1]):
        amendments.pin(cast.ada.chat_id, one.id, uuid4(), True)
    amendments.pin(cast.ada.chat_id, sent[4].id, uuid4(), False)
    amendments.delete(cast.ben.chat_id, sent[2].id, uuid4())
    me, here = cast.ada.chat_id, talks.group.id
    first = shelves.pins(me, here, limit=1)
    assert [one.content for one in first.messages] == ["word 1"]
    rest = shelves.pins(me, here, first.next or "", limit=1)
    assert [one.content for one in rest.messages] == ["word 0"] and rest.next is None
    html = enter(cast.ada).get(f"/c/{here}/details/pins/", headers=ALONE).content.decode()
    assert re.findall(r'class="shelf-text" dir="auto">([^<]+)', html) == ["word 1", "word 0"]
    assert enter(cast.ada).get(f"/c/{here}/details/pins/", {"cursor": "x"}, headers=ALONE).status_code == 400


def test_what_the_blocked_sent_is_not_gathered(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.cleo, talks.group, "https://cleo.example/")
    browser, address = enter(cast.ada), f"/c/{talks.group.id}/details/links/"
    assert "cleo.example" in browser.get(address, headers=ALONE).content.decode()
    relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    assert "cleo.example" not in browser.get(address, headers=ALONE).content.decode()


def test_the_panel_says_who_gets_the_group(cast: Cast, talks: Talks, enter: Enter) -> None:
    address = f"/c/{talks.group.id}/details/"
    assert "passes to <bdi>Ben Okafor</bdi>" in enter(cast.ada).get(address, headers=ALONE).content.decode()
    members.set_role(cast.ada.chat_id, talks.group.id, cast.cleo.chat_id, "admin")
    assert "passes to <bdi>Cleo Marchetti</bdi>" in enter(cast.ada).get(address, headers=ALONE).content.decode()
    assert "passes to" not in enter(cast.ben).get(address, headers=ALONE).content.decode()
    members.leave(cast.ada.chat_id, talks.group.id)
    owners = {one.user_id for one in members.seats(cast.ben.chat_id, talks.group.id) if one.role == "owner"}
    assert owners == {cast.cleo.chat_id}
