"""`manage.py demo`: a cast, and a week of their conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.services import relationships
from chatsite.management import screenplay
from chatsite.management.commands.demo import CAST, PASSWORD, STORIES
from messaging.documents import CONTENT_MAX
from messaging.repositories import messages
from messaging.services import inbox
from tests.cast import Cast

NOW = datetime(2026, 3, 9, 0, 20, tzinfo=UTC)  # just after midnight: yesterday evening is close


def run() -> str:
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_the_demo_is_there_once_however_often_it_is_run() -> None:
    assert PASSWORD in run()
    people = {one.username: one for one in User.objects.all()}
    assert people.keys() == CAST.keys()
    assert people["ada"].check_password(PASSWORD)
    rows = {name: inbox.rows(people[name].chat_id) for name in CAST}
    assert {name: len(found) for name, found in rows.items()} == {"ada": 4, "ben": 4, "cleo": 3, "dora": 4, "eve": 1}
    run()
    assert {name: inbox.rows(people[name].chat_id) for name in CAST} == rows


@pytest.mark.django_db
def test_some_is_unread_someone_asks_and_someone_is_blocked() -> None:
    run()
    ada, cleo, eve = (User.objects.get(username=name).chat_id for name in ("ada", "cleo", "eve"))
    assert sorted(row.unread for row in inbox.rows(ada)) == [0, 0, 2, 4]
    assert [row.unread for row in inbox.lists(ada).requests] == [1]
    assert relationships.requests_to(ada) == [eve]
    assert relationships.blocked(ada) == [cleo]
    long = max(inbox.rows(ada), key=lambda row: row.conversation.last_seq)
    assert len(messages.after(long.conversation.id, 0, 1000)) == long.conversation.last_seq > 100


@pytest.mark.django_db
def test_people_who_are_there_already_are_left_alone(cast: Cast) -> None:
    User.objects.filter(username="ben").update(email="ben@example.com")
    with pytest.raises(CommandError, match="ben"):
        run()
    assert inbox.rows(cast.ada.chat_id) == []


@pytest.mark.parametrize("file", sorted(STORIES.glob("*.txt")), ids=lambda file: file.stem)
def test_a_play_is_played_by_the_cast_within_a_week(file: Path) -> None:
    play = screenplay.read(file, NOW)
    assert {line.who for line in play.lines} == set(play.people) <= set(CAST)
    assert all(before.at < after.at for before, after in pairwise(play.lines))
    assert NOW - timedelta(days=8) < play.lines[0].at and play.lines[-1].at < NOW
    assert all(0 < len(line.text) <= CONTENT_MAX for line in play.lines)


def test_a_play_that_is_not_understood_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("private: ada ben\n\nexeunt omnes\n")
    with pytest.raises(ValueError, match=r"bad\.txt, line 3: exeunt"):
        screenplay.read(tmp_path / "bad.txt", NOW)
