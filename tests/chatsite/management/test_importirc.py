"""`manage.py importirc`: a log becomes a conversation, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from chatsite.management import irc
from messaging.documents import Conversation, Message
from messaging.presentation import draw_messages
from messaging.repositories import conversations, messages
from messaging.services import inbox
from tests.cast import Cast

LOGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "ubuntu-irc"
REAL = LOGS / "2004-12-25.train-c.raw.txt"
SMALL = """[23:58] <ada> Is anybody here?
=== ben [~ben@example.org] has joined #kites
[23:58] <ben> <b>I</b> am
[23:59]  * ben waves
[23:59] <[K] Flyer>
[00:01] <[K] Flyer> Ben: late as ever
=== ben is now known as benny
=== ada [~ada@example.org] has left #kites ["ben has joined #kites"]
=== Topic for #kites: wind
[00:02] <ada> zoe: who is that? [k]_flyer, are you there?
nonsense
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "2007-03-01.kites.raw.txt"
    file.write_text(SMALL)
    file.with_name("2007-03-01.kites.annotation.txt").write_text("0 0 -\n0 2 -\n1 3 -\n2 5 -\n")
    return file


def taken_in(file: Path, **options: str) -> str:
    said = StringIO()
    call_command("importirc", file, conversation="Old kites", **options, stdout=said, stderr=StringIO())
    return said.getvalue()


def stored() -> tuple[Conversation, list[Message]]:
    (room,) = [one for one in conversations.by_ids(all_ids()).values() if one.name == "Old kites"]
    return room, messages.after(room.id, 0, 10_000)


def all_ids() -> list[object]:
    return [one["_id"] for one in conversations._conversations().find({}, {"_id": 1})]


def test_a_log_becomes_a_conversation(small: Path) -> None:
    said = taken_in(small)
    room, log = stored()
    assert [one.content for one in log] == [
        "Is anybody here?",
        "<b>I</b> am",
        "/me waves",
        "@ben: late as ever",
        "zoe: who is that? [k]_flyer, are you there?",
    ]
    assert [one.seq for one in log] == [1, 2, 3, 4, 5]
    assert [one.reply_to for one in log] == [None, log[0].id, None, log[1].id, None]
    assert [f"{one.created_at:%d %H:%M}" for one in log][1:4] == ["01 23:58", "01 23:59", "02 00:01"]
    assert (room.last_seq, room.last_message_preview) == (5, log[4].content)
    assert "1 departures, 1 empty messages, 1 joins, 1 lines of no known form, 1 other server events, 1 renames" in said
    assert "1 of them for someone by name, 1 of them actions" in said


def test_an_address_is_a_mention_of_the_author_and_an_action_names_who_does_it(cast: Cast, small: Path) -> None:
    taken_in(small)
    log = stored()[1]
    (ben,) = User.objects.filter(pk=log[1].sender_id)
    assert log[3].content == f"@{ben.username}: late as ever" and ben.username.startswith("ben-")  # not the cast's ben
    assert [one.mentions for one in log] == [[], [], [], [ben.chat_id], []]
    drawn = draw_messages(log)
    assert (
        f'<a class="mention" href="/people/{ben.username}/" data-user-id="{ben.chat_id}">@<bdi>ben</bdi></a>: late'
        in drawn[3]
    )
    assert '<div class="message-body deed" dir="auto"><bdi class="doer">ben</bdi> waves</div>' in drawn[2]
    assert "doer" not in drawn[0] + drawn[1] + drawn[3]


def test_authors_become_inactive_people_and_nobody_else(cast: Cast, small: Path) -> None:
    taken_in(small)
    authors = {one.profile.display_name: one for one in User.objects.filter(is_active=False)}
    assert authors.keys() == {"ada", "ben", "[K] Flyer"}
    assert not any(one.has_usable_password() for one in authors.values())
    assert authors["[K] Flyer"].username == "_K__Flyer"
    assert authors["ada"].username.startswith("ada-")  # the name belongs to someone
    assert str(cast.ada.pk) not in {one.sender_id for one in stored()[1]}


def test_repeating_stores_nothing_twice_and_a_grown_file_adds_the_rest(small: Path) -> None:
    taken_in(small)
    before = stored()[1]
    assert "stored  0, 5 were there already" in taken_in(small)
    small.write_text(SMALL + "[00:03] <Ada> good night\n")
    assert "stored  1, 5 were there already" in taken_in(small)
    after = stored()[1]
    assert after[:5] == before
    assert (after[5].seq, after[5].sender_id) == (6, before[0].sender_id)
    assert User.objects.count() == 3


def test_the_owner_reads_it_and_has_nothing_unread(cast: Cast, small: Path) -> None:
    taken_in(small, owner="Ada")
    (row,) = inbox.rows(cast.ada.chat_id)
    assert (row.conversation.name, row.membership.role, row.unread) == ("Old kites", "owner", 0)
    taken_in(small, owner="ben")
    assert [one.membership.role for one in inbox.rows(cast.ben.chat_id)] == ["member"]


def test_a_real_log(cast: Cast) -> None:
    taken_in(REAL)
    log = irc.read(REAL)
    found = stored()[1]
    for one, line in zip(found, log.lines, strict=True):
        assert one.content == line.text if not line.to else one.content[0] == "@" and one.mentions
    assert sum(line.to is not None for line in log.lines) == 375
    assert all(a.created_at < b.created_at for a, b in pairwise(found))
    assert sum(one.reply_to is not None for one in found) == sum(line.answers is not None for line in log.lines) > 300
    assert found[-1].created_at - found[0].created_at < timedelta(hours=9)  # its clock counts to twelve


def test_every_real_log_is_understood() -> None:
    files = sorted(LOGS.glob("*.raw.txt"))
    assert len(files) == 26
    done = 0
    for file in files:
        log = irc.read(file)
        done += sum(line.done for line in log.lines)
        assert set(log.skipped) <= {*irc.EVENTS, "empty messages"}, (file, log.skipped)
        assert log.lines[0].at >= datetime.fromisoformat(file.name[:10]).replace(tzinfo=UTC)
    assert done == 66


@pytest.mark.parametrize(
    ("name", "text"), [("kites.raw.txt", SMALL), ("2007-13-01.raw.txt", SMALL), ("2007-03-01.raw.txt", "=== x\n")]
)
def test_a_file_that_is_no_log_is_one_line(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CommandError, match=name):
        taken_in(tmp_path / name)
    with pytest.raises(CommandError, match="nobody called"):
        taken_in(REAL, owner="nobody")
    assert not all_ids()
