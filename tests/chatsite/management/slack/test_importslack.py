"""`manage.py importslack`: an export becomes people, conversations and messages, once."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.services.newcomers import SPACE
from chatsite import mongo
from chatsite.errors import Unavailable
from messaging.documents import Conversation, Message
from messaging.repositories import conversations, messages
from messaging.services import archive, inbox
from tests.cast import Cast
from tests.chatsite.management.slack.workspace import CHANNELS, DAY, DMS, Days, export, said

pytestmark = pytest.mark.django_db
GENERAL = [
    said(60, "second", user="UNEW", thread_ts=f"{DAY + 1:.6f}", edited={"user": "UNEW", "ts": f"{DAY + 90:.6f}"}),
    said(1.0015, "*first* <@UNEW> :wave:", thread_ts=f"{DAY + 1:.6f}") | {"ts": f"{DAY + 1:.6f}"},
    said(61, "waves", subtype="me_message", reactions=[{"name": "+1", "users": ["UNEW", "UADA", "UGONE"]}]),
    said(62, "Nell joined", user="UNEW", subtype="channel_join"),
    said(63, "beep", user="UBOT", bot_id="B1", subtype="bot_message"),
    said(64, "who am I?", user="UGONE"),
    said(65, "from afar", user="UFAR", user_profile={"real_name": "Fay Afar", "display_name": ""}),
    said(66, "", files=[{"name": "a (b).pdf", "url_private": "https://files.slack.com/x?t=xoxe-1&k=2"}, None]),
    said(67, "bye", user="UOLD"),
    said(68, "rudi", user="UBAD", reactions=[{"name": "our-own", "users": ["UADA"]}]),
    said(69, "odd", subtype="sh_room_created"),
    {"type": "message", "user": "UADA"},
    "no message",
]
DAYS: Days = {
    "general/2020-03-11": GENERAL,
    "general/2020-03-12": [said(86_400, "next day", user="UNEW")],
    "secret/2020-03-11": [said(5, "hush", user="UNEW")],
    "D1/2020-03-11": [said(7, "hi Nell"), said(8, "hi Ada", user="UNEW")],
    "D2/2020-03-11": [said(9, "note to self")],
    "mpdm-ada.l--nell--olaf-1/2020-03-11": [said(10, "we three")],
    "nowhere/2020-03-11": [said(11, "lost")],
    "kites/2020-03-11": "[{",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return export(tmp_path / "slack.zip", DAYS)


def taken_in(file: Path) -> str:
    out = StringIO()
    call_command("importslack", file, stdout=out, stderr=StringIO())
    return out.getvalue()


def room(name: str) -> tuple[Conversation, list[Message]]:
    everything = [one["_id"] for one in mongo.database()["conversations"].find({}, {"_id": 1})]
    (found,) = [one for one in conversations.by_ids(everything).values() if one.name == name]
    return found, messages.after(found.id, 0, 10_000)


def author(message: Message) -> User:
    return User.objects.get(pk=message.sender_id)


def test_a_workspace_is_taken_over(cast: Cast, file: Path) -> None:
    told = taken_in(file)
    general, log = room("general")
    nell = User.objects.get(email="nell@example.org")
    assert [one.seq for one in log] == list(range(1, 9))
    assert [(one.content, author(one).profile.display_name) for one in log] == [
        (f"**first** @{nell.username} 👋", "Ada Lovelace"),
        ("second", "Nell"),
        ("/me waves", "Ada Lovelace"),
        ("from afar", "Fay Afar"),
        ("[a (b).pdf](https://files.slack.com/x?k=2)", "Ada Lovelace"),
        ("bye", "Olaf"),
        ("rudi", "Rudi"),
        ("next day", "Nell"),
    ]
    assert [int(one.created_at.timestamp()) - DAY for one in log] == [1, 60, 61, 65, 66, 67, 68, 86_400]
    assert (log[0].mentions, log[1].thread_id, log[0].thread and log[0].thread.count) == ([nell.chat_id], log[0].id, 1)
    assert log[1].edited_at is not None and int(log[1].edited_at.timestamp()) == DAY + 90
    assert [(one.emoji, one.user_ids) for one in log[2].reactions] == [("👍\ufe0f", [nell.chat_id, cast.ada.chat_id])]
    assert (general.public, set(general.participants)) == (True, {cast.ada.chat_id, nell.chat_id})
    assert told.splitlines() == [
        "read     12 messages in 5 conversations",
        "stored   12, 0 were there already",
        "people   1 made, 1 known by their address, of 5",
        "         Who was made has no password: `manage.py passwordlink USERNAME` gives a link.",
        "left out 2 conversations with oneself, or with nobody known",
        "left out 1 days that cannot be understood",
        "left out 1 files of no conversation",
        "left out 1 joins",
        "left out 1 messages of bots",
        "left out 1 messages of nobody known",
        "left out 1 messages of the unknown kind sh_room_created",
        "left out 2 messages that cannot be understood",
        "changed  1 files that are gone",
        "changed  1 files, left as links",
        "changed  1 reactions with what is no emoji here, or by nobody known",
    ]


def test_who_comes_in_and_who_does_not(cast: Cast, file: Path) -> None:
    taken_in(file)
    made = {one.profile.display_name: one for one in User.objects.exclude(email__in=[cast.ada.email, cast.ben.email])}
    nell, locked = made["Nell"], [made[name] for name in ("Olaf", "Rudi", "Fay Afar")]
    assert nell.is_active and not nell.has_usable_password() and nell.pk == uuid5(SPACE, "slack:UNEW")
    assert nell.username == "Nell__"
    assert not any(one.is_active or one.has_usable_password() for one in locked)
    assert all(one.email.endswith(".invalid") for one in locked)
    assert made["Rudi"].username.startswith("root-")  # a reserved name
    assert "Robot" not in made


def test_conversations_keep_who_may_read_them(cast: Cast, file: Path) -> None:
    taken_in(file)
    nell = User.objects.get(email="nell@example.org")
    secret, log = room("secret")
    assert (secret.public, secret.participants, len(log)) == (None, [nell.chat_id], 1)
    talk = {row.conversation.name or row.conversation.type: row for row in inbox.rows(cast.ada.chat_id)}
    assert talk.keys() == {"general", "private", "Ada Lovelace, Nell, Olaf"}
    assert all(row.unread == 0 for row in talk.values())
    assert talk["general"].membership.role == "owner"
    private = talk["private"].conversation
    assert [one.content for one in messages.after(private.id, 0, 10)] == ["hi Nell", "hi Ada"]
    assert set(private.participants) == {cast.ada.chat_id, nell.chat_id}
    assert inbox.rows(cast.eve.chat_id) == []


def test_repeating_stores_nothing_twice_and_a_later_export_adds_the_rest(
    cast: Cast, file: Path, tmp_path: Path
) -> None:
    taken_in(file)
    before, people = room("general")[1], User.objects.count()
    nell = User.objects.get(email="nell@example.org")
    User.objects.filter(pk=nell.pk).update(email="other@example.org")  # she is known all the same
    assert "stored   0, 12 were there already" in taken_in(file)
    root = f"{DAY + 1:.6f}"
    later = {
        **DAYS,
        "general/2020-03-12": [said(86_400, "next day", user="UNEW"), said(86_500, "late", "UNEW", thread_ts=root)],
    }
    assert "stored   1, 12 were there already" in taken_in(export(tmp_path / "later.zip", later))
    after = room("general")[1]
    assert after[1:-1] == before[1:]
    assert (after[-1].content, after[-1].seq, after[-1].thread_id) == ("late", len(after), before[0].id)
    assert after[0].thread is not None and after[0].thread.count == 2
    assert User.objects.count() == people
    assert [row.unread for row in inbox.rows(cast.ada.chat_id) if row.conversation.name == "general"] == [0]


def test_what_was_interrupted_goes_on(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {"general/2020-03-11": [said(number, f"message {number}") for number in range(1200)]}
    file = export(tmp_path / "slack.zip", many)
    store, calls = archive._writer.store, []

    def failing(drafts: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise Unavailable("MongoDB is away.")
        return store(drafts)  # type: ignore[arg-type]

    monkeypatch.setattr(archive._writer, "store", failing)
    with pytest.raises(CommandError, match="Repeat the command: it goes on where it stopped"):
        taken_in(file)
    assert len(room("general")[1]) == 1000
    assert "stored   200, 1000 were there already" in taken_in(file)
    assert [one.content for one in room("general")[1]] == [f"message {number}" for number in range(1200)]
    assert room("general")[0].participants


def test_long_messages_come_in_parts_and_a_thread_whose_beginning_is_missing_is_none(
    cast: Cast, tmp_path: Path
) -> None:
    long = "word " * 5000
    days = {"general/2020-03-11": [said(1, long), said(2, "reply", thread_ts=f"{DAY - 999:.6f}")]}
    told = taken_in(export(tmp_path / "slack.zip", days))
    log = room("general")[1]
    assert "".join(one.content for one in log[:-1]) == long.strip() or len(log) == 4
    assert (log[-1].content, log[-1].thread_id) == ("reply", None)
    assert "changed  1 messages in several parts, as they were too long" in told


def test_people_who_are_known_by_one_address_and_blocks_do_not_matter(cast: Cast, tmp_path: Path) -> None:
    users = [
        {"id": "U1", "name": "ada1", "profile": {"email": "ada@example.org"}},
        {"id": "U2", "name": "ada2", "profile": {"email": "Ada@Example.org"}},
        {"id": "U3", "name": "ben", "profile": {"email": "ben@example.org"}},
    ]
    places = [{**DMS[0], "members": ["U1", "U3"]}, {**DMS[1], "members": ["U1", "U2"]}]
    days = {"D1/2020-03-11": [said(1, "hello", user="U1")], "D2/2020-03-11": [said(1, "me", user="U2")]}
    told = taken_in(export(tmp_path / "slack.zip", days, users=users, dms=places, channels=CHANNELS[:1]))
    (row,) = [one for one in inbox.rows(cast.ben.chat_id) if one.conversation.type == "private"]
    assert row.conversation.last_message_preview == "hello"
    assert "left out 1 conversations with oneself" in told and UUID(row.conversation.participants[0])
    assert "people   0 made, 3 known" in told
