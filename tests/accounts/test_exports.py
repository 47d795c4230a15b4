"""A copy of all of one's data."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Export, User
from accounts.models.nowhere import nowhere
from accounts.services import addresses, avatars, exports, relationships, settings, tokens
from accounts.services.exports import making, requests
from accounts.services.exports.contents import Part
from accounts.tasks import forget_exports, make_export
from chatsite.errors import Conflict, NotFound
from messaging.documents import Conversation
from messaging.repositories.indexer import indexer
from messaging.services import archive, messages
from messaging.services import conversations as starting
from messaging.services import export as of_messaging
from tests import pictures
from tests.cast import Cast
from tests.messaging.conftest import group, say

__all__ = ["group"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def at_once(django_capture_on_commit_callbacks: Callable) -> Iterator[None]:
    with django_capture_on_commit_callbacks(execute=True):
        yield


def made(user: User) -> zipfile.ZipFile:
    make_export(export_id=str(exports.start(user.chat_id).pk))
    return fetched(user)


def fetched(user: User) -> zipfile.ZipFile:
    with default_storage.open(exports.ready(user.chat_id).name) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def lines(archive_: zipfile.ZipFile, name: str) -> list[Any]:
    return [json.loads(line) for line in archive_.read(name).splitlines()]


def test_who_has_no_address_finds_none_in_it(cast: Cast) -> None:
    addresses.put(cast.ada, nowhere(cast.ada.pk))
    account = made(cast.ada).read("account.json").decode()
    assert json.loads(account)["email"] is None and ".invalid" not in account


def test_everything_of_a_person_is_in_it(cast: Cast, group: Conversation) -> None:  # noqa: F811
    me = cast.ada.chat_id
    avatars.put(me, pictures.picture())
    settings.update(me, {"theme": "dark"})
    relationships.block(me, cast.eve.chat_id)
    tokens.issue(cast.ada, "curl")
    private, _made = starting.start_private(me, cast.ben.chat_id)
    say(cast.ben, private, "psst")
    for number in range(3):
        say(cast.ada, group, f"number {number}")
    found = made(cast.ada)
    names = set(found.namelist())
    assert {"account.json", "profile.json", "settings.json", "relationships.json", "sessions.json"} < names
    assert json.loads(found.read("account.json"))["email"] == "ada@example.org"
    assert json.loads(found.read("settings.json"))["theme"] == "dark"
    assert [row["username"] for row in json.loads(found.read("relationships.json"))] == ["eve"]
    assert json.loads(found.read("sessions.json"))["clients"][0]["device"] == "curl"
    assert found.read("picture.webp").startswith(b"RIFF")
    assert {one["id"] for one in json.loads(found.read("conversations.json"))} == {str(group.id), str(private.id)}
    assert [one["content"] for one in lines(found, f"conversations/{group.id}.jsonl")] == [
        "number 0", "number 1", "number 2"
    ]  # fmt: skip
    assert [one["content"] for one in lines(found, f"conversations/{private.id}.jsonl")] == ["psst"]
    assert "Ben Okafor" in {one["display_name"] for one in json.loads(found.read("people.json"))}
    assert "notifications.jsonl" in names


def test_nothing_of_others_and_no_secret_is_in_it(cast: Cast, group: Conversation) -> None:  # noqa: F811
    secret = tokens.issue(cast.ada)
    relationships.block(cast.cleo.chat_id, cast.ada.chat_id)
    other, _made = starting.start_private(cast.ben.chat_id, cast.eve.chat_id)
    say(cast.ben, other, "not for ada")
    relationships.request(cast.ada.chat_id, cast.dora.chat_id)
    relationships.reject(cast.dora.chat_id, cast.ada.chat_id)
    found = made(cast.ada)
    text = b"".join(found.read(name) for name in found.namelist())
    for kept in ("not for ada", secret.refresh, secret.access, cast.ada.password, "argon2", "rejected", "blocked"):
        assert kept.encode() not in text
    assert "cleo" not in found.read("relationships.json").decode()


def test_receipts_are_those_one_is_shown(cast: Cast, group: Conversation) -> None:  # noqa: F811
    say(cast.ada, group)
    messages_of = [one.delivered_to for one in messages.page(cast.ada.chat_id, group.id).messages]
    assert [one["delivered_to"] for one in lines(made(cast.ada), f"conversations/{group.id}.jsonl")] == messages_of


def test_one_at_a_time_and_a_new_one_replaces_the_old(cast: Cast) -> None:
    first = exports.start(cast.ada.chat_id)
    with pytest.raises(Conflict):
        exports.start(cast.ada.chat_id)
    make_export(export_id=str(first.pk))
    old = exports.ready(cast.ada.chat_id)
    second = exports.start(cast.ada.chat_id)
    assert exports.current(cast.ada.chat_id).state == "waiting"  # type: ignore[union-attr]
    make_export(export_id=str(first.pk))  # a job that comes twice does nothing
    assert Export.objects.get(user=cast.ada).state == "waiting"
    asked = [str(first.pk), str(second.pk)]
    assert ProcrastinateJob.objects.filter(task_name=requests.MAKE, args__export_id__in=asked).count() == 2
    assert old.size > 0


def test_one_that_got_stuck_can_be_begun_anew(cast: Cast) -> None:
    stuck = exports.start(cast.ada.chat_id)
    Export.objects.filter(pk=stuck.pk).update(state="running", moved_at=timezone.now() - requests.STALLED)
    assert exports.current(cast.ada.chat_id).state == "failed"  # type: ignore[union-attr]
    assert exports.start(cast.ada.chat_id).pk != stuck.pk


def test_what_fails_leaves_nothing_and_says_so(cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Iterator[Part]:
        yield Part("a.json", [b"1"])
        raise OSError("disk full")

    monkeypatch.setattr(making.contents, "parts", fail)
    export = exports.start(cast.ada.chat_id)
    with pytest.raises(OSError, match="disk full"):
        make_export(export_id=str(export.pk))
    assert exports.current(cast.ada.chat_id).state == "failed"  # type: ignore[union-attr]
    assert not [path for path in media.rglob("*") if path.is_file()]
    with pytest.raises(NotFound):
        exports.ready(cast.ada.chat_id)


def test_one_that_is_withdrawn_stops(cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            written.append(number)
            if number == 5:
                exports.remove(cast.ada.chat_id)
            yield b"x"

    monkeypatch.setattr(making, "NOTED", 0)
    monkeypatch.setattr(making.contents, "parts", lambda _user: iter([Part("a.jsonl", endless())]))
    make_export(export_id=str(exports.start(cast.ada.chat_id).pk))
    assert len(written) < 10 and not [path for path in media.rglob("*") if path.is_file()]


def test_progress_is_told_while_it_is_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def rows() -> Iterator[bytes]:
        for _number in range(3):
            export = exports.current(cast.ada.chat_id)
            seen.append((export.state, export.done, export.total))  # type: ignore[union-attr]
            yield b"x"

    monkeypatch.setattr(making, "NOTED", 0)
    monkeypatch.setattr(making.contents, "count", lambda _user: 3)
    monkeypatch.setattr(making.contents, "parts", lambda _user: iter([Part("a.jsonl", rows())]))
    make_export(export_id=str(exports.start(cast.ada.chat_id).pk))
    assert seen == [("running", 0, 3), ("running", 1, 3), ("running", 2, 3)]


def test_messages_are_read_page_by_page(cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Never more than a page is in memory, however many there are."""
    entries = [archive.Entry(str(uuid4()), cast.ben.chat_id, f"{n} " + "x" * 5000, timezone.now()) for n in range(1500)]
    assert sum(archive.take_in(group.id, entries)) == 1500
    del entries
    rows = next(part for part in of_messaging.parts(cast.ada.chat_id) if part.name.startswith("conversations/")).rows
    assert iter(rows) is rows  # made as they are asked for
    indexer.flush()  # what search does with them meanwhile is not asked here
    tracemalloc.start()
    try:
        count = sum(1 for _row in rows)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1500
    assert most < 5 * 1024**2  # a page of 200 has 1 MB of text, all of them have 7.5


def test_a_week_later_it_is_gone(cast: Cast, media: Path) -> None:
    made(cast.ada)
    forget_exports(timestamp=0)
    assert exports.ready(cast.ada.chat_id)
    until = Export.objects.get().expires_at
    assert until and timedelta(days=6, hours=23) < until - timezone.now() < timedelta(days=7, hours=1)
    Export.objects.update(expires_at=timezone.now())
    assert exports.current(cast.ada.chat_id) is None
    with pytest.raises(NotFound):
        exports.ready(cast.ada.chat_id)
    forget_exports(timestamp=0)


def test_the_page_shows_how_far_it_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert b"Make a copy" in client.get("/settings/data/").content
    assert client.post("/settings/data/")["Location"] == "/settings/data/"
    page = client.get("/settings/data/").content
    assert b"<progress" in page and b'http-equiv="refresh"' in page
    assert client.get("/settings/data/file/").status_code == 404
    make_export(export_id=str(Export.objects.get().pk))
    page = client.get("/settings/data/").content
    assert b"Download" in page and b"refresh" not in page
    answer = client.get("/settings/data/file/")
    assert answer["Content-Type"] == "application/zip" and 'filename="my-data.zip"' in answer["Content-Disposition"]
    assert answer.streaming and zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    client.post("/settings/data/remove/")
    assert b"Make a copy" in client.get("/settings/data/").content
    Export.objects.create(user=cast.ada, state="failed")
    assert b"could not be made" in client.get("/settings/data/").content


def test_it_is_for_oneself_only(cast: Cast) -> None:
    made(cast.ada)
    eve = Client()
    eve.force_login(cast.eve)
    assert eve.get("/settings/data/file/").status_code == 404
    assert eve.get("/api/v1/me/export/").status_code == 404
    assert Client().get("/settings/data/file/")["Location"].startswith("/accounts/login/")
    assert Client().get("/api/v1/me/export/file/").status_code == 401


def test_over_the_api(cast: Cast) -> None:
    headers = {"Authorization": f"Bearer {tokens.issue(cast.ada).access}"}
    address = "/api/v1/me/export/"
    assert Client().get(address, headers=headers).status_code == 404
    begun = Client().post(address, headers=headers)
    assert (begun.status_code, begun.json()["state"]) == (202, "waiting")
    assert Client().post(address, headers=headers).status_code == 409
    make_export(export_id=str(Export.objects.get().pk))
    told = Client().get(address, headers=headers).json()
    assert told["state"] == "ready" and told["size"] > 0 and told["done"] == told["total"] >= 6
    file = b"".join(Client().get(f"{address}file/", headers=headers).streaming_content)  # type: ignore[attr-defined]
    assert len(file) == told["size"] and zipfile.ZipFile(io.BytesIO(file)).testzip() is None
    assert Client().delete(address, headers=headers).status_code == 204
    assert Client().get(address, headers=headers).status_code == 404
