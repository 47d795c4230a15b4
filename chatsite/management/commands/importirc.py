from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services import authors, people
from accounts.services.people import Card
from chatsite.errors import ChatError
from chatsite.management import irc
from chatsite.management.progress import Progress
from chatsite.types import ObjectId, UserId
from messaging import markup
from messaging.services import archive
from messaging.services.archive import Entry

SPACE = UUID("b0a5c7f6-7d0f-5a39-8a6b-6d1f2d9f1c55")


class Command(BaseCommand):
    help = (
        "Read a chat log into a conversation, with its times, answers, actions, and whom each message is for. Its "
        "authors become inactive accounts. Safe to repeat: nothing is stored twice, and of a file that has grown only "
        "the rest is added. Joins, departures and renames are counted, and left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="YYYY-MM-DD….raw.txt; ….annotation.txt beside it has the answers")
        parser.add_argument("--conversation", required=True, metavar="NAME", help="the group it is read into")
        parser.add_argument("--owner", metavar="USERNAME", help="someone who may read it")

    def handle(self, *args: Any, file: Path, conversation: str, owner: str | None, **options: Any) -> None:
        log = _read(file)
        reader = None if owner is None else _person(owner)
        known = _authors(log)
        entries = [_entry(file.name, line, known) for line in log.lines]
        if not entries:
            raise CommandError(f"{file} has no messages.")
        try:
            room = archive.room(conversation, reader or entries[0].sender_id)
            stored = self._take_in(room.id, entries)
            if reader is not None:
                archive.let_in(room.id, reader)
        except ChatError as error:
            raise CommandError(f"{error.detail} Repeat the command: it goes on where it stopped.") from error
        self._report(log, entries, stored)

    def _take_in(self, room: ObjectId, entries: list[Entry]) -> int:
        stored, progress = 0, Progress(self, len(entries), lambda done, seconds: f"{seconds:.1f} s")
        for count in archive.take_in(room, entries):
            stored += count
            progress.add(count)
        progress.end()
        return stored

    def _report(self, log: irc.Log, entries: list[Entry], stored: int) -> None:
        answers = sum(one.answers is not None for one in entries)
        nicks = len({one.sender_id for one in entries})
        done, addressed = sum(line.done for line in log.lines), sum(line.to is not None for line in log.lines)
        self.stdout.write(f"read    {len(entries)} messages of {nicks} authors, {answers} of them answers")
        self.stdout.write(f"        {addressed} of them for someone by name, {done} of them actions")
        self.stdout.write(f"stored  {stored}, {len(entries) - stored} were there already")
        skipped = ", ".join(f"{count} {what}" for what, count in sorted(log.skipped.items()))
        self.stdout.write(f"skipped {skipped or 'nothing'}")


def _read(file: Path) -> irc.Log:
    try:
        return irc.read(file)
    except (OSError, ValueError) as error:  # UnicodeError is a ValueError
        raise CommandError(f"{file} cannot be read: {error}") from error


def _person(username: str) -> UserId:
    try:
        return User.objects.get_by_natural_key(username).chat_id
    except User.DoesNotExist:
        raise CommandError(f"There is nobody called {username}.") from None


def _authors(log: irc.Log) -> dict[str, Card]:
    """By their nicks in lower case."""
    ids = authors.authors(line.nick for line in log.lines)
    cards = people.cards(ids.values())
    return {nick.lower(): cards[who] for nick, who in ids.items()}


def _entry(file: str, line: irc.Line, known: dict[str, Card]) -> Entry:
    answers = None if line.answers is None else _key(file, line.answers)
    text = f"{markup.DEED}{line.text}" if line.done else line.text
    meant: tuple[UserId, ...] = ()
    if line.to is not None:
        whom = known[line.to.lower()]
        text, meant = f"@{whom.username}{line.text[len(line.to) :]}", (whom.id,)
    return Entry(_key(file, line.number), known[line.nick.lower()].id, text, line.at, answers, meant)


def _key(file: str, number: int) -> str:
    """The `client_id` of a line: the same for each reading of a file of this name."""
    return str(uuid5(SPACE, f"{file}:{number}"))
