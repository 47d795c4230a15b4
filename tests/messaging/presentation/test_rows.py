from __future__ import annotations

from datetime import timedelta

import msgspec
from django.utils import timezone

from messaging.presentation.rows import rows, when
from messaging.services import conversations, inbox, messages
from tests.cast import Cast, acquaint
from tests.messaging.views.conftest import settle


def test_a_row_shows_the_other_person_or_the_group(cast: Cast) -> None:
    conversations.start_private(cast.ada.chat_id, cast.ben.chat_id)
    conversations.create_group(cast.ada.chat_id, "Engine", [cast.ben.chat_id])
    found = {row.title: row for row in rows(inbox.rows(cast.ada.chat_id), cast.ada.chat_id)}
    assert found.keys() == {"Ben Okafor", "Engine"}
    assert found["Ben Okafor"].partner_id == cast.ben.chat_id
    assert found["Ben Okafor"].presence == "offline"
    assert (found["Engine"].partner_id, found["Engine"].presence) == ("", "")


def test_the_list_is_searched_by_title(cast: Cast) -> None:
    for name in ("Engine", "Garden"):
        conversations.create_group(cast.ada.chat_id, name, [])
    me = cast.ada.chat_id
    assert [row.title for row in rows(inbox.rows(me), me, search="GARD")] == ["Garden"]
    assert rows(inbox.rows(me), me, search="nothing") == []


def test_unread_and_the_open_one(cast: Cast) -> None:
    talk = acquaint(cast.ben, cast.ada)
    sent = [messages.send(cast.ben.chat_id, talk.id, f"{number:032x}", "Hello").message for number in range(3)]
    settle(sent[-1])
    me = cast.ada.chat_id
    (row,) = rows(inbox.rows(me), me, str(talk.id))
    assert (row.current, row.unread, row.badge) == (True, 3, "3")
    assert msgspec.structs.replace(row, unread=120).badge == "99+"


def test_times_are_short() -> None:
    now = timezone.localtime()
    assert when(now) == f"{now:%H:%M}"
    assert when(now - timedelta(days=3)) == f"{now - timedelta(days=3):%a}"
    assert when(now.replace(year=2004, month=3, day=2)) == "2 Mar 2004"
