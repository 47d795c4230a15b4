"""What somebody has begun to write: on all of their devices, and nobody else's."""

from __future__ import annotations

import re
from html import unescape
from unittest.mock import patch

import pytest

from chatsite.clock import now
from messaging.documents import DRAFT_MAX, Conversation, SeatDraft
from messaging.repositories import seat_drafts
from messaging.services import drafts, export, inbox, members, pace
from tests.cast import Cast
from tests.messaging.conftest import Api, Apis, problem
from tests.messaging.views.conftest import Enter, Talks, enter, talks

__all__ = ["enter", "talks"]
pytestmark = pytest.mark.django_db


def keep(api: Api, where: Conversation, text: str, **more: object) -> dict[str, object]:
    answer = api("PUT", f"conversations/{where.id}/draft/", {"text": text, **more})
    assert answer.status_code == 200, answer.content
    kept: dict[str, object] = answer.json()
    return kept


def test_a_draft_is_kept_changed_and_given_up(cast: Cast, api: Apis, group: Conversation) -> None:
    ada, address = api(cast.ada), f"conversations/{group.id}/"
    assert ada.get(f"{address}draft/").json() == {"text": "", "reply_to": None, "updated_at": None}
    keep(ada, group, "Hel")
    kept = keep(ada, group, "Hello", reply_to="a" * 24)
    assert ada.get(f"{address}draft/").json() == kept
    assert ada.get(address).json()["membership"]["draft"] == kept
    assert keep(ada, group, "")["text"] == ""
    assert "draft" not in ada.get(address).json()["membership"]


def test_it_is_nobody_elses(cast: Cast, api: Apis, group: Conversation) -> None:
    keep(api(cast.ada), group, "a secret")
    ben = api(cast.ben)
    everything = [ben.get(f"conversations/{group.id}/{path}").content for path in ("", "draft/", "members/")]
    assert not any(b"a secret" in one for one in everything)
    assert [one.draft for one in members.seats(cast.ben.chat_id, group.id)] == [None] * 3
    for method, body in (("GET", None), ("PUT", {"text": "x"})):
        problem(api(cast.eve)(method, f"conversations/{group.id}/draft/", body), 404, "not_found")
    assert drafts.of(cast.ada.chat_id, group.id) is not None


def test_the_last_one_who_writes_wins(cast: Cast, group: Conversation) -> None:
    drafts.keep(cast.ada.chat_id, group.id, "newer")
    late = SeatDraft(text="older", updated_at=now().replace(year=2020))
    assert not seat_drafts.put(group.id, cast.ada.chat_id, late)
    assert drafts.keep(cast.ada.chat_id, group.id, "newest") == drafts.of(cast.ada.chat_id, group.id)


@pytest.mark.parametrize(("text", "status"), [("a\0b", 400), (7, 400), ("x" * (DRAFT_MAX + 1), 413)])
def test_what_cannot_be_kept(cast: Cast, api: Apis, group: Conversation, text: object, status: int) -> None:
    answer = api(cast.ada)("PUT", f"conversations/{group.id}/draft/", {"text": text})
    problem(answer, status, "too_large" if status == 413 else "invalid")


def test_drafts_have_a_pace_of_their_own(cast: Cast, api: Apis, group: Conversation) -> None:
    with patch.object(pace.drafting, "at_once", 1), patch.object(pace.drafting, "per_second", 0.001):
        keep(api(cast.ada), group, "one")
        problem(api(cast.ada)("PUT", f"conversations/{group.id}/draft/", {"text": "two"}), 429, "too_fast")
    pace.writing.take(cast.ada.chat_id)


def test_the_page_and_the_list_have_it_at_first_paint(cast: Cast, talks: Talks, enter: Enter) -> None:  # noqa: F811
    drafts.keep(cast.ada.chat_id, talks.private.id, "Dear Ben,\nthe <kite>", "a" * 24)
    html = enter(cast.ada).get(f"/c/{talks.private.id}/").content.decode()
    (field,) = re.findall(r"<textarea name=\"content\".*?>\n(.*?)</textarea>", html, re.S)
    assert unescape(field) == "Dear Ben,\nthe <kite>"
    assert f'data-draft-reply="{"a" * 24}"' in html
    rows = re.findall(r'<span class="row-draft"( hidden)?>.*?<bdi>(.*?)</bdi>', html)
    assert sorted(rows) == [("", "Dear Ben, the &lt;kite&gt;"), (" hidden", "")]
    assert "Dear Ben" not in enter(cast.ben).get(f"/c/{talks.private.id}/").content.decode()


def test_the_form_takes_it_along_and_an_error_leaves_it(cast: Cast, talks: Talks, enter: Enter) -> None:  # noqa: F811
    drafts.keep(cast.ada.chat_id, talks.private.id, "Hello")
    client, address = enter(cast.ada), f"/c/{talks.private.id}/messages/"
    refused = client.post(address, {"content": "x" * 10_001, "client_id": "7"})
    assert refused.status_code == 400 and "x" * 10_001 in refused.content.decode()
    assert drafts.of(cast.ada.chat_id, talks.private.id) is not None
    client.post(address, {"content": "Hello", "client_id": "11111111-1111-4111-8111-111111111111"})
    assert drafts.of(cast.ada.chat_id, talks.private.id) is None


def test_it_is_in_a_copy_of_ones_data_and_goes_with_the_seat(cast: Cast, group: Conversation) -> None:
    drafts.keep(cast.ada.chat_id, group.id, "Hel")
    (part,) = [one for one in export.parts(cast.ada.chat_id) if one.name == "drafts.json"]
    assert b'"Hel"' in b"".join(part.rows)
    members.take_leave(cast.ada.chat_id)
    assert seat_drafts.of_person(cast.ada.chat_id) == {}
    assert inbox.rows(cast.ada.chat_id) == []
