"""Previews of links: made behind the log where they are on, shown under the message, taken off by its sender."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from chatsite import outside
from chatsite.clock import now
from chatsite.errors import Forbidden, NotFound
from chatsite.queues import LINKS
from messaging.documents import Conversation, Message
from messaging.presentation import draw_messages
from messaging.repositories import changes, link_cards
from messaging.repositories import messages as log
from messaging.services import amendments, archive, cards, previews
from messaging.tasks import preview_links
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem, say
from tests.pictures import bomb, picture
from tests.town import Canary, Site, Town

pytestmark = pytest.mark.django_db
PAGE = b"""<title>Kites</title><meta property="og:title" content="How to <b>fly</b>">
<meta name="description" content="All about strings"><meta property="og:site_name" content="Kite News">
<meta property="og:image" content="/kite.png">"""
LINK = "http://kites.test/fly"


class Asleep:
    """What waits is handed over when a test says so, in its own transaction."""

    def rouse(self) -> None:
        """Sleeps on."""


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch, settings: Any, site: Site, town: Town) -> None:
    """Switched on, and the Internet is the town."""
    settings.LINK_PREVIEWS = True
    site.page("/fly", PAGE)
    site.page("/kite.png", picture(width=1300, height=650), "image/png")
    monkeypatch.setattr(outside, "fetch", partial(outside.fetch, line=town))
    monkeypatch.setattr(previews.asker, "_follower", Asleep())
    previews.asker._waiting.clear()


def previewed(message: Message) -> Message:
    """The message after its job was done."""
    preview_links(message_id=str(message.id))
    found = log.by_id(message.id)
    assert found is not None
    return found


def test_a_link_gets_a_card_by_a_change_of_the_message(cast: Cast, group: Conversation, site: Site) -> None:
    said = say(cast.ada, group, f"look: {LINK}#strings")
    previews.asker.flush()
    (job,) = ProcrastinateJob.objects.filter(queue_name=LINKS)
    assert job.args == {"message_id": str(said.id)}
    found = previewed(said)
    (card,) = found.previews or []
    assert (card.url, card.title, card.description) == (f"{LINK}#strings", "How to <b>fly</b>", "All about strings")
    assert card.picture is not None and (card.picture.width, card.picture.height) == (640, 320)
    (change,) = [one for one in changes.after(group.id, 0, 10) if one.kind == "previewed"]
    assert (change.message_id, change.actor_id) == (said.id, cast.ada.chat_id)
    (html,) = draw_messages([found])
    assert "How to &lt;b&gt;fly&lt;/b&gt;" in html and "Kite News · kites.test" in html
    assert f'<img class="preview-picture" src="/previews/{card.picture.key}.webp"' in html
    assert 'rel="noopener nofollow ugc"' in html and html.count("kites.test/kite.png") == 0
    assert previewed(said) == found  # done once more, nothing happens
    assert len(site.asked) == 2


def test_a_page_is_asked_once_a_day_for_everybody(
    cast: Cast, group: Conversation, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/gone", b"", "text/html", 404)
    for one in (cast.ada, cast.ben):
        assert previewed(say(one, group, LINK)).previews
        assert previewed(say(one, group, "http://kites.test/gone")).previews is None
    asked = [path for path, _headers in site.asked]
    assert sorted(asked) == ["/fly", "/gone", "/kite.png"]
    monkeypatch.setattr(cards, "now", lambda: now() + cards.FAILED_FOR + timedelta(minutes=1))
    previewed(say(cast.ada, group, f"{LINK} http://kites.test/gone"))
    assert [path for path, _headers in site.asked[3:]] == ["/gone"]
    monkeypatch.setattr(cards, "now", lambda: now() + cards.FRESH + timedelta(minutes=1))
    previewed(say(cast.ada, group, LINK))
    assert [path for path, _headers in site.asked[4:]] == ["/fly", "/kite.png"]


@pytest.mark.parametrize(
    "text",
    [
        "no link",
        f"`{LINK}`",
        f"```\n{LINK}\n```",
        f"||{LINK}||",
        f"||see [this]({LINK}) now||",
        "mailto://ada@kites.test",
        "https://chat.example.org/c/1/",
    ],
)
def test_nothing_is_asked_for_what_is_code_or_covered_or_ours(
    cast: Cast, group: Conversation, site: Site, town: Town, settings: Any, text: str
) -> None:
    settings.CHAT_URL = "https://chat.example.org"
    assert previewed(say(cast.ada, group, text)).previews is None
    assert (site.asked, town.resolved) == ([], [])


def test_nothing_is_asked_where_it_is_off_or_when_the_past_is_taken_in(
    cast: Cast, group: Conversation, settings: Any, town: Town
) -> None:
    entry = archive.Entry(str(uuid4()), cast.ada.chat_id, LINK, now(), mentions=())
    assert sum(archive.take_in(group.id, [entry])) == 1
    settings.LINK_PREVIEWS = False
    said = say(cast.ada, group, LINK)
    assert not previews.asker._waiting
    assert previewed(said).previews is None
    assert town.resolved == []


def test_three_links_of_a_message_and_no_more(cast: Cast, group: Conversation, site: Site) -> None:
    for number in range(5):
        site.page(f"/{number}", b"<title>%d</title>" % number)
    found = previewed(say(cast.ada, group, " ".join(f"http://kites.test/{one}" for one in (0, 0, 1, 2, 3, 4))))
    assert [one.title for one in found.previews or []] == ["0", "1", "2"]


@pytest.mark.parametrize("content", [bomb(9000), picture()[:60], b"<svg/>", b"x" * (cards.PICTURE_MAX + 1)])
def test_a_picture_that_cannot_be_had_is_left_out(cast: Cast, group: Conversation, site: Site, content: bytes) -> None:
    site.page("/kite.png", content, "image/png")
    (card,) = previewed(say(cast.ada, group, LINK)).previews or []
    assert (card.title, card.picture) == ("How to <b>fly</b>", None)
    assert "/kite.png" in [path for path, _headers in site.asked]


def test_a_page_or_picture_of_ones_own_network_is_not_asked(
    cast: Cast, group: Conversation, site: Site, canary: Canary
) -> None:
    site.page("/fly", PAGE.replace(b"/kite.png", b"http://169.254.169.254/kite.png"))
    assert previewed(say(cast.ada, group, "http://127.0.0.1/")).previews is None
    (card,) = previewed(say(cast.ada, group, LINK)).previews or []
    assert (card.picture, canary.heard) == (None, 0)


def test_an_edit_keeps_the_cards_of_links_that_stay(cast: Cast, group: Conversation, site: Site) -> None:
    site.page("/other", b"<title>Other</title>")
    said = previewed(say(cast.ada, group, LINK))
    both = amendments.edit(cast.ada.chat_id, said.id, uuid4(), f"{LINK} and http://kites.test/other").message
    assert both.previews == said.previews
    assert list(previews.asker._waiting) == [said.id, said.id]  # sent, and edited
    assert [one.title for one in previewed(both).previews or []] == ["How to <b>fly</b>", "Other"]
    none = amendments.edit(cast.ada.chat_id, said.id, uuid4(), f"`{LINK}`").message
    assert none.previews is None and previewed(none).previews is None


def test_a_message_that_changes_meanwhile_gets_no_card_of_what_it_said(
    cast: Cast, group: Conversation, site: Site
) -> None:
    said = say(cast.ada, group, LINK)
    edit = partial(amendments.edit, cast.ada.chat_id, said.id, uuid4(), "never mind")
    asked = cards.of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cards, "of", lambda url: (asked(url), edit())[0])
        assert previewed(said).previews is None
    assert previewed(say(cast.ada, group, LINK)).previews
    deleted = amendments.delete(cast.ada.chat_id, previewed(say(cast.ada, group, LINK)).id, uuid4()).message
    assert deleted.previews is None and previewed(deleted).previews is None


def test_its_sender_takes_it_off_for_good(cast: Cast, group: Conversation) -> None:
    said = previewed(say(cast.ada, group, LINK))
    with pytest.raises(Forbidden):
        amendments.leave_links_plain(cast.ben.chat_id, said.id)
    with pytest.raises(NotFound):
        amendments.leave_links_plain(cast.eve.chat_id, said.id)
    assert amendments.leave_links_plain(cast.ada.chat_id, said.id).previews is None
    assert previewed(amendments.edit(cast.ada.chat_id, said.id, uuid4(), f"{LINK} again").message).previews is None


def test_the_api_shows_and_removes_it(cast: Cast, group: Conversation, api: Apis) -> None:
    said = previewed(say(cast.ada, group, LINK))
    path = f"messages/{said.id}/"
    (shown,) = api(cast.ben).get(path).json()["previews"]
    assert shown.keys() == {"id", "url", "title", "description", "site", "picture"}
    assert shown["picture"].keys() == {"url", "width", "height"} and shown["url"] == LINK
    problem(api(cast.ben)("DELETE", f"{path}previews/"), 403, "forbidden")
    problem(api(cast.eve)("DELETE", f"{path}previews/"), 404, "not_found")
    for _ in range(2):
        gone = api(cast.ada)("DELETE", f"{path}previews/")
        assert (gone.status_code, gone.json().get("previews")) == (200, None)
    assert "previews" not in api(cast.ben).get(path).json()


def test_the_page_removes_it_without_script(cast: Cast, group: Conversation) -> None:
    said = previewed(say(cast.ada, group, LINK))
    browser, stranger = Client(), Client()
    browser.force_login(cast.ada)
    stranger.force_login(cast.eve)
    place = f"/m/{said.id}/previews/"
    assert "How to &lt;b&gt;fly" in browser.get(place).content.decode()
    assert stranger.get(place).status_code == stranger.post(place).status_code == 404
    assert browser.post(place).headers["Location"] == f"/c/{group.id}/?around=1#message-1"
    assert (log.by_id(said.id) or said).previews is None
    assert Client().get(place).status_code == 302  # to the log-in


def test_its_picture_is_ours_and_for_those_who_are_signed_in(cast: Cast, group: Conversation) -> None:
    (card,) = previewed(say(cast.ada, group, LINK)).previews or []
    assert card.picture is not None
    browser, place = Client(), f"/previews/{card.picture.key}.webp"
    assert browser.get(place).status_code == 404
    browser.force_login(cast.ben)
    answer = browser.get(place)
    assert answer.headers["Content-Type"] == "image/webp" and b"".join(answer.streaming_content)[8:12] == b"WEBP"  # type: ignore[attr-defined]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser.get(place, headers={"If-None-Match": f'"{card.picture.key}"'}).status_code == 304
    assert browser.get(f"/previews/{'0' * 32}.webp").status_code == 404


def test_what_no_message_shows_any_more_goes(
    cast: Cast, group: Conversation, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = previewed(say(cast.ada, group, LINK))
    (card,) = said.previews or []
    assert card.picture is not None
    name = cards.stored(card.picture.key)
    assert cards.sweep() == 0
    monkeypatch.setattr(cards, "now", lambda: now() + cards.KEPT_FOR + timedelta(hours=1))
    assert cards.sweep() == 0 and default_storage.exists(name)  # it is shown
    amendments.delete(cast.ada.chat_id, said.id, uuid4())
    assert cards.sweep() == 0  # looked at a moment ago
    monkeypatch.setattr(cards, "now", lambda: now() + 2 * cards.KEPT_FOR + timedelta(hours=2))
    assert cards.sweep() == 1 and not default_storage.exists(name)
    assert link_cards.newest(LINK) is None
