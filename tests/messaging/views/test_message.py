"""The page of one message: every act on it without any script."""

from __future__ import annotations

import pytest

from accounts.models import User
from messaging.documents import Message
from messaging.services import messages
from tests.cast import Cast
from tests.messaging.views.conftest import Enter, Talks, say

pytestmark = pytest.mark.django_db


def now(who: User, said: Message) -> Message:
    return messages.one(who.chat_id, said.id)


def test_every_act_is_a_form(cast: Cast, talks: Talks, enter: Enter) -> None:
    said, ada = say(cast.ada, talks.group, "tee at five"), enter(cast.ada)
    page = f"/m/{said.id}/"
    assert f'href="{page}"' in ada.get(f"/c/{talks.group.id}/").content.decode()
    there = f"/c/{talks.group.id}/?around={said.seq}#message-{said.seq}"
    assert ada.post(f"{page}edit/", {"content": "tea at five"}).headers["Location"] == there
    assert (now(cast.ada, said).content, now(cast.ada, said).edited_at is None) == ("tea at five", False)
    for held in (True, False):
        ada.post(f"{page}react/", {"emoji": "🫖"})
        assert bool(now(cast.ada, said).reactions) is held
        ada.post(f"{page}pin/", {"on": str(int(held))})
        assert bool(now(cast.ada, said).pinned_at) is held
    shown = ada.get(page).content.decode()
    assert "tee at five" in shown and "tea at five" in shown and f"http://testserver{there}" in shown
    ada.post(f"{page}hide/")
    assert ada.get(page).status_code == 404
    ada.post(f"{page}delete/")
    assert now(cast.ben, said).deleted_at
    assert "tea at five" not in enter(cast.ben).get(page).content.decode()


def test_what_is_refused_comes_back_with_what_was_typed(cast: Cast, talks: Talks, enter: Enter) -> None:
    said = say(cast.ada, talks.group, "tea at five")
    ben, eve = enter(cast.ben), enter(cast.eve)
    answer = ben.post(f"/m/{said.id}/edit/", {"content": "coffee at six"})
    assert answer.status_code == 403
    assert "Only who wrote a message may edit it." in answer.content.decode()
    assert now(cast.ada, said).content == "tea at five"
    assert (
        "coffee at six" in enter(cast.ada).post(f"/m/{said.id}/edit/", {"content": "coffee at six\0"}).content.decode()
    )
    for answer in (eve.get(f"/m/{said.id}/"), eve.post(f"/m/{said.id}/delete/")):
        assert answer.status_code == 404


def test_an_answer_is_begun_by_a_link_and_survives_a_refusal(cast: Cast, talks: Talks, enter: Enter) -> None:
    said, ben = say(cast.ada, talks.group, "tea at five?"), enter(cast.ben)
    here = f"/c/{talks.group.id}/"
    assert f"{here}?answer={said.id}" in ben.get(f"/m/{said.id}/").content.decode()
    field = f'name="reply_to" value="{said.id}"'
    assert field in ben.get(f"{here}?answer={said.id}").content.decode()
    assert field not in ben.get(here).content.decode()
    refused = ben.post(f"{here}messages/", {"client_id": "1" * 32, "content": " ", "reply_to": str(said.id)})
    assert refused.status_code == 400 and field in refused.content.decode()
    elsewhere = say(cast.ada, talks.private, "between us")
    assert 'name="reply_to" value=""' in enter(cast.ada).get(f"{here}?answer={elsewhere.id}").content.decode()
