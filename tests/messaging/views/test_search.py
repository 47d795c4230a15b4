"""The page that finds messages, for browsers without script."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from chatsite.clock import now
from messaging.services import archive, search
from messaging.services.archive import Entry
from messaging.services.search import finding
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

pytestmark = pytest.mark.mongo
PAGE = "/search/"


def test_a_hit_is_marked_and_leads_to_its_place(cast: Cast, talks: Talks, enter: Enter) -> None:
    message = say(cast.ben, talks.group, "A <script>alert(1)</script> red kite")
    page = enter(cast.ada).get(PAGE, {"q": "red ki"}).content.decode()
    assert f'href="/c/{talks.group.id}/?around={message.seq}#message-{message.seq}"' in page
    assert "<mark>red</mark> <mark>kite</mark>" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    place = enter(cast.ada).get(f"/c/{talks.group.id}/", {"around": message.seq})
    assert f'id="message-{message.seq}"' in place.content.decode()


def test_strangers_see_that_there_is_nothing(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, "an orchid")
    assert "<mark>orchid</mark>" in enter(cast.ada).get(PAGE, {"q": "orchid"}).content.decode()
    page = enter(cast.eve).get(PAGE, {"q": "orchid"}).content.decode()
    assert "Nothing found" in page
    assert "<mark>" not in page


def test_filters_are_chips_that_can_be_taken_off(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, "an orchid")
    page = enter(cast.ada).get(PAGE, {"q": 'orchid from:@ben in:"Analytical Engine" has:cheese'}).content.decode()
    assert "<bdi>from:ben</bdi>" in page
    assert "?q=orchid%20in%3A%22Analytical%20Engine%22%20has%3Acheese&amp;order=newest" in page
    assert "It can be a link, a file or an image." in page


def test_the_field_alone_explains_itself(cast: Cast, enter: Enter) -> None:
    page = enter(cast.ada).get(PAGE).content.decode()
    assert 'id="seek-help"' in page
    assert "Nothing found" not in page


def test_what_was_typed_stays_when_it_took_too_long(
    cast: Cast, talks: Talks, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(cast.ben, talks.group, "an orchid")
    search.take_in_all()
    monkeypatch.setattr(finding, "SECONDS", -1)
    response = enter(cast.ada).get(PAGE, {"q": "orchid"})
    assert response.status_code == 503
    page = response.content.decode()
    assert 'value="orchid"' in page
    assert "This search takes too long." in page


def test_pages_work_without_script(cast: Cast, talks: Talks, enter: Enter) -> None:
    say(cast.ben, talks.group, "kite", times=25)
    browser = enter(cast.ada)
    first = browser.get(PAGE, {"q": "kite"}).content.decode()
    assert first.count('seek-hit"') == 20
    (more,) = re.findall(r'seek-more" href="([^"]+)"', first)
    second = browser.get(more.replace("&amp;", "&")).content.decode()
    assert second.count('seek-hit"') == 5
    assert "seek-more" not in second


def test_a_day_leads_to_its_first_message(cast: Cast, talks: Talks, enter: Enter) -> None:
    start = now() - timedelta(days=10)
    entries = [Entry(str(uuid4()), cast.ada.chat_id, f"day {n}", start + timedelta(days=n)) for n in range(10)]
    assert sum(archive.take_in(talks.group.id, entries)) == 10
    here, browser = f"/c/{talks.group.id}/", enter(cast.ada)
    day = (start + timedelta(days=4)).date()
    assert browser.get(here, {"on": str(day)})["Location"] == f"{here}?around=5#message-5"
    assert browser.get(here, {"on": "1999-01-01"})["Location"] == f"{here}?around=1#message-1"
    assert browser.get(here, {"on": "2099-01-01"})["Location"] == here
    assert browser.get(here, {"on": "nonsense"})["Location"] == here
    assert enter(cast.eve).get(here, {"on": str(day)}).status_code == 404
