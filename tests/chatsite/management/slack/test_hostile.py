"""Zips that are no exports, or mean harm: one clear line, and nothing is written."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from accounts.models import User
from chatsite import mongo
from chatsite.management.slack import export as exports
from messaging.presentation import draw_messages
from tests.cast import Cast
from tests.chatsite.management.slack.test_importslack import DAYS, room, taken_in
from tests.chatsite.management.slack.workspace import CHANNELS, USERS, export, said

pytestmark = pytest.mark.django_db


def text(file: Path) -> None:
    file.write_text("not a zip")


def empty(file: Path) -> None:
    with zipfile.ZipFile(file, "w"):
        pass


def other(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("word/document.xml", "<x/>")


def encrypted(file: Path) -> None:
    export(file, DAYS)
    content = bytearray(file.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    file.write_bytes(content)


def bomb(file: Path) -> None:
    export(file, {**DAYS, "general/2020-03-13": "[" + " " * 64 * 1024 * 1024 + "]"})


def cut_off(file: Path) -> None:
    export(file, DAYS)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def damaged(file: Path) -> None:
    """The bytes of a day do not match their checksum."""
    export(file, DAYS)
    content = bytearray(file.read_bytes())
    at = content.find(b"general/2020-03-12.json")
    content[at + 40] ^= 0xFF
    file.write_bytes(content)


def longer_than_it_says(file: Path) -> None:
    export(file, {**DAYS, "general/2020-03-13": json.dumps([said(1, "x" * 50_000)])})
    content = bytearray(file.read_bytes())
    at = content.rfind(b"general/2020-03-13.json") - 46
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    file.write_bytes(content)


def broken_users(file: Path) -> None:
    export(file, DAYS, users={"no": "list"})


def no_lists(file: Path) -> None:
    export(file, DAYS, channels=None, groups=None, dms=None, mpims=None)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (text, "no zip"),
        (empty, "no export of Slack"),
        (other, "no export of Slack"),
        (encrypted, "encrypted"),
        (bomb, "would grow to"),
        (cut_off, "no zip"),
        (damaged, "damaged"),
        (longer_than_it_says, "damaged"),
        (broken_users, r"users\.json cannot be understood"),
        (no_lists, "no export of Slack"),
    ],
)
def test_nothing_is_half_done(cast: Cast, tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    file, people = tmp_path / "slack.zip", User.objects.count()
    make(file)
    with pytest.raises(CommandError, match=words) as refusal:
        taken_in(file)
    assert len(str(refusal.value).splitlines()) == 1
    assert User.objects.count() == people
    assert not mongo.database()["conversations"].count_documents({})


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no zip"):
        taken_in(tmp_path / "nothing.zip")


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [("FILES_MAX", 3, "more than 3"), ("FILE_MAX", 100, "larger"), ("WHOLE_MAX", 100, "more than")],
)
def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str) -> None:
    monkeypatch.setattr(exports, limit, value)
    with pytest.raises(CommandError, match=words):
        taken_in(export(tmp_path / "slack.zip", DAYS))


def test_names_that_lead_elsewhere_lead_nowhere(cast: Cast, tmp_path: Path) -> None:
    places = [*CHANNELS, {"id": "C9", "name": "..", "members": ["UADA"]}, {"id": "C8", "name": "general"}, {"id": "C7"}]
    days = {
        "../2020-03-11": [said(1, "up")],
        "../../etc/passwd": "root",
        "/general/2020-03-11": [said(2, "root")],
        "general/../general/2020-03-12": [said(3, "round")],
        "general/2020-03-11": [said(4, "here")],
        "general/2020-03-11.json/x": "x",
    }
    told = taken_in(export(tmp_path / "slack.zip", days, channels=places))
    assert [one.content for one in room("general")[1]] == ["here"]
    assert "left out 2 conversations without a folder of their own" in told
    assert "left out 4 files of no conversation" in told
    assert sorted(one.name for one in tmp_path.iterdir()) == ["slack.zip"]


def test_odd_messages_are_counted_and_hostile_words_are_inert(cast: Cast, tmp_path: Path) -> None:
    odd = [
        said(1, "<script>alert(1)</script> <javascript:alert(1)|click>"),
        said(2, "x", ts="1e400"),
        said(2, "x", ts="99999999999.0"),
        said(2, "x", ts="-1"),
        said(3, "x", subtype="\x1b[31m<b>" + "y" * 500),
        said(4, None, files="no list"),  # type: ignore[arg-type]
        said(5, "nested", reactions=[[[[]]]]),
        [[[]]],
        7,
        said(6, "\ud800 half"),
        said(7, "nul \0 byte"),
        said(8, "", files=[{"name": "](javascript:alert(1))", "permalink": "javascript:alert(1)"}]),
    ]
    users = [*USERS, {"id": "UEVIL", "name": "<b>\u202e", "profile": {"real_name": "<img src=x>\x00" * 50}}]
    told = taken_in(export(tmp_path / "slack.zip", {"general/2020-03-11": odd}, users=users))
    log = room("general")[1]
    (html,) = draw_messages(log[:1])
    assert "<script" not in html and "javascript:" not in html
    assert "\x1b" not in told and "unknown kind 31mby" in told
    assert [one.content for one in log[1:]] == ["nul  byte"]
    assert "left out 1 empty messages" in told and "left out 3 messages without a time" in told


def test_a_thousand_unknown_kinds_are_not_named_one_by_one(cast: Cast, tmp_path: Path) -> None:
    days = {"general/2020-03-11": [said(one, "x", subtype=f"kind{one}") for one in range(1000)]}
    told = taken_in(export(tmp_path / "slack.zip", days))
    assert len(told.splitlines()) < 40 and "980 messages of further unknown kinds" in told
