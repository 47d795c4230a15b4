"""What the palette offers: one's own conversations, people, messages, and what there is to do."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.services import relationships
from messaging.services import pace
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

OPTION = re.compile(r'role="option" id="palette-(\w+)-\d+"[^>]*?data-href="([^"]*)"')


def offered(client: Client, text: str, kind: str) -> list[str]:
    html = client.get("/palette/", {"q": text}).content.decode()
    return [address for what, address in OPTION.findall(html) if what == kind]


def test_conversations_by_their_names_newest_first(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group)
    say(cast.ben, talks.private)
    ada = enter(cast.ada)
    assert offered(ada, "", "row") == [f"/c/{talks.private.id}/#new", f"/c/{talks.group.id}/#new"]
    assert offered(ada, "engine", "row") == [f"/c/{talks.group.id}/#new"]
    assert offered(enter(cast.eve), "", "row") == []


def test_people_one_does_not_talk_with_yet(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ada, talks.private)
    ada = enter(cast.ada)
    assert offered(ada, "dora", "person") == ["/people/dora/"]
    assert offered(ada, "ben", "person") == [] and offered(ada, "ben", "row")
    relationships.block(cast.dora.chat_id, cast.ada.chat_id)
    assert offered(ada, "dora", "person") == []


def test_messages_of_ones_own_conversations(cast: Cast, talks: Talks, enter: Enter) -> None:
    seq = say(cast.ben, talks.group, "a red kite").seq
    assert offered(enter(cast.ada), "red ki", "hit") == [f"/c/{talks.group.id}/?around={seq}#message-{seq}"]
    assert offered(enter(cast.eve), "red ki", "hit") == []


def test_things_to_do_by_the_beginnings_of_their_words(cast: Cast, enter: Enter) -> None:
    ben = enter(cast.ben)
    assert offered(ben, "short key", "action") == ["/shortcuts/"]
    assert 'data-form="palette-log-out"' in ben.get("/palette/", {"q": "log"}).content.decode()
    assert offered(ben, "admin", "action") == []
    cast.dora.is_staff = True
    cast.dora.save()
    assert offered(enter(cast.dora), "admin", "action") == ["/admin/"]
    assert 'id="shortcuts"' in ben.get("/shortcuts/").content.decode()


def test_whoever_asks_too_fast_is_offered_the_rest(
    cast: Cast, talks: Talks, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(cast.ben, talks.group, "an engine")
    monkeypatch.setattr(pace, "searching", pace.Pace(per_second=0.001, at_once=1))
    ada = enter(cast.ada)
    assert offered(ada, "engine", "hit")
    assert offered(ada, "engine", "hit") == [] and offered(ada, "engine", "row")
