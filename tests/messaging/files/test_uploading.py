"""Files come piece by piece, are gone on with after a break, and take no more room than they may."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chatsite import mongo
from chatsite.clock import now
from chatsite.images import decoding
from messaging.documents import Conversation
from messaging.repositories import uploads as repository
from messaging.services import attachments, uploads
from messaging.tasks import forget_files
from tests import pictures
from tests.cast import Cast
from tests.messaging.conftest import Apis, problem
from tests.messaging.files.conftest import TEXT, Get, begin, body, piece, send, stored, upload

pytestmark = pytest.mark.django_db


def test_a_file_comes_in_pieces_and_is_whole(cast: Cast, api: Apis, group: Conversation, get: Get, media: Path) -> None:
    ada = api(cast.ada)
    begun = begin(ada, group).json()
    assert (begun["state"], begun["offset"], begun["url"]) == ("open", 0, None)
    assert piece(ada, begun["id"], 0, TEXT[:1000]).json()["offset"] == 1000
    assert ada("HEAD", f"attachments/{begun['id']}/")["Upload-Offset"] == "1000"
    whole = piece(ada, begun["id"], 1000, TEXT[1000:]).json()
    assert (whole["state"], whole["type"], whole["offset"]) == ("ready", "text/plain", len(TEXT))
    assert body(get(cast.ada, whole["url"])) == TEXT
    assert len(stored(media)) == 1  # no piece is left


def test_a_picture_that_cannot_be_looked_at_now_is_looked_at_later(
    cast: Cast, api: Apis, group: Conversation, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, data = api(cast.ada), pictures.picture()
    file = begin(ada, group, "kite.png", len(data)).json()["id"]
    with monkeypatch.context() as busy:
        busy.setattr(decoding, "SECONDS_MAX", 0.01)
        with decoding._turn:
            problem(piece(ada, file, 0, data), 503, "unavailable")
    said = ada.get(f"attachments/{file}/").json()
    assert (said["state"], said["offset"]) == ("open", len(data))
    whole = piece(ada, file, len(data), b"").json()
    assert (whole["state"], whole["width"]) == ("ready", 60)
    assert len(stored(media)) == 3


@pytest.mark.parametrize("offset", [0, 999, 1001, 10**12])
def test_a_piece_at_another_place_is_refused(cast: Cast, api: Apis, group: Conversation, offset: int) -> None:
    ada, file = api(cast.ada), begin(api(cast.ada), group).json()["id"]
    piece(ada, file, 0, TEXT[:1000])
    problem(piece(ada, file, offset, b"x"), 409, "conflict")
    assert ada.get(f"attachments/{file}/").json()["offset"] == 1000


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30])
def test_a_place_that_is_none_is_refused(cast: Cast, api: Apis, group: Conversation, offset: str) -> None:
    file = begin(api(cast.ada), group).json()["id"]
    problem(piece(api(cast.ada), file, offset, b"x"), 400, "invalid")


def test_of_two_pieces_at_once_one_is_taken(cast: Cast, api: Apis, group: Conversation, media: Path) -> None:
    """The slower one finds the file further than it was when it began to read."""
    found = uploads.begin(cast.ada.chat_id, group.id, "kite", 10)

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 0:
                uploads.receive(cast.ada.chat_id, found.id, 0, io.BytesIO(b"faster"))
            return super().read(size)

    with pytest.raises(uploads.Conflict):
        uploads.receive(cast.ada.chat_id, found.id, 0, Slow(b"slower"))
    assert uploads.mine(cast.ada.chat_id, found.id).received == 6
    assert len(stored(media)) == 1


def test_more_than_was_announced_is_refused_and_not_kept(
    cast: Cast, api: Apis, group: Conversation, media: Path
) -> None:
    file = begin(api(cast.ada), group, size=10).json()["id"]
    problem(piece(api(cast.ada), file, 0, b"x" * 11), 413, "too_large")
    assert stored(media) == []
    assert piece(api(cast.ada), file, 0, b"x" * 10).json()["state"] == "ready"


def test_limits_are_told_in_words(cast: Cast, api: Apis, group: Conversation, settings: Any) -> None:
    settings.FILE_MAX, settings.FILES_PER_PERSON = 2, 3
    ada = api(cast.ada)
    assert "at most 2 MB" in problem(begin(ada, group, size=2 * 1024**2 + 1), 413, "too_large")["detail"]
    assert "empty" in problem(begin(ada, group, size=0), 400, "invalid")["detail"]
    assert begin(ada, group, size=2 * 1024**2).status_code == 201
    assert "no more room" in problem(begin(ada, group, size=2 * 1024**2), 413, "too_large")["detail"]
    assert begin(api(cast.ben), group, size=2 * 1024**2).status_code == 201
    assert mongo.database()["uploads"].count_documents({}) == 2


def test_what_waits_to_be_sent_is_limited(
    cast: Cast, api: Apis, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "UNSENT_MAX", 2)
    ada = api(cast.ada)
    first = upload(ada, group)
    begin(ada, group)
    problem(begin(ada, group), 413, "too_large")
    assert ada("DELETE", f"attachments/{first['id']}/").status_code == 204
    assert begin(ada, group).status_code == 201


def test_a_file_is_nobody_elses_business(cast: Cast, api: Apis, group: Conversation, get: Get) -> None:
    """Not of those in the conversation either, before it is sent; and not of a stranger to it."""
    file = upload(api(cast.ada), group)
    path = f"attachments/{file['id']}/"
    for user in (cast.ben, cast.eve):
        other = api(user)
        problem(other.get(path), 404, "not_found")
        problem(other("DELETE", path), 404, "not_found")
        problem(piece(other, file["id"], len(TEXT), b""), 404, "not_found")
        assert get(user, file["url"]).status_code == 404
    problem(begin(api(cast.eve), group), 404, "not_found")
    assert get(cast.ada, file["url"]).status_code == 200


def test_what_is_removed_before_it_is_sent_is_gone(
    cast: Cast, api: Apis, group: Conversation, get: Get, media: Path
) -> None:
    ada, file = api(cast.ada), upload(api(cast.ada), group)
    assert ada("DELETE", f"attachments/{file['id']}/").status_code == 204
    assert stored(media) == [] and get(cast.ada, file["url"]).status_code == 404
    sent = upload(ada, group)
    send(cast.ada, group, sent["id"])
    problem(ada("DELETE", f"attachments/{sent['id']}/"), 409, "conflict")


def age(*ids: str) -> None:
    """As if nothing had moved for long."""
    before = now() - attachments.LEFT_FOR - timedelta(hours=1)
    wanted = [one.id for one in repository.by_ids([attachments.object_id(one) for one in ids]).values()]
    mongo.database()["uploads"].update_many({"_id": {"$in": wanted}}, {"$set": {"moved_at": before}})


def test_the_worker_deletes_what_nobody_sent_and_nothing_else(
    cast: Cast, api: Apis, group: Conversation, get: Get, media: Path
) -> None:
    ada = api(cast.ada)
    sent, left, fresh = (upload(ada, group, TEXT + name) for name in (b"a", b"b", b"c"))
    half = begin(ada, group).json()
    piece(ada, half["id"], 0, TEXT[:10])
    send(cast.ada, group, sent["id"])
    age(sent["id"], left["id"], half["id"])
    forget_files(timestamp=0)
    assert [get(cast.ada, one["url"]).status_code for one in (sent, left, fresh)] == [200, 404, 200]
    assert len(stored(media)) == 2
    kept = repository.by_id(attachments.object_id(sent["id"]))
    assert kept is not None and kept.state == "kept"  # it is not looked at again


def test_a_file_whose_message_was_never_stored_is_deleted_late(
    cast: Cast, api: Apis, group: Conversation, media: Path
) -> None:
    file = upload(api(cast.ada), group)
    attachments.claim(cast.ada.chat_id, group.id, "1" * 8 + "-1111" * 3 + "-" + "1" * 12, [file["id"]])
    forget_files(timestamp=0)
    assert len(stored(media)) == 1
    age(file["id"])
    forget_files(timestamp=0)
    assert stored(media) == []
