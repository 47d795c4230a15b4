from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from accounts.services import newcomers, people
from accounts.services.newcomers import Newcomer, Taken
from chatsite.errors import ChatError
from chatsite.management.progress import Progress
from chatsite.management.slack import Export, Reader, Unreadable
from chatsite.management.slack.rooms import KEY, rooms
from chatsite.management.slack.shapes import Message, User
from messaging.services import archive


class Command(BaseCommand):
    help = (
        "Read an export of Slack: people, channels, private conversations, messages with their times, threads and "
        "reactions. People are known by their address; others are made without a password. Files stay with Slack, and "
        "are links. Safe to repeat: what was interrupted goes on, and of a later export only what is new is added."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the zip as Slack gives it")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with closing(Export(file)) as export:
                self._take_over(export)
        except Unreadable as error:
            raise CommandError(f"{file.name}: {error}") from error
        except ChatError as error:
            raise CommandError(f"{error.detail} Repeat the command: it goes on where it stopped.") from error
        except DatabaseError as error:
            raise CommandError(f"PostgreSQL: {error} Repeat the command: it goes on where it stopped.") from error

    def _take_over(self, export: Export) -> None:
        """All of it is read once before anything is written: what is damaged leaves nothing half done."""
        before = Counter(export.skipped)
        strangers, total = _looked_through(export)
        export.skipped = before
        everyone = [_newcomer(one) for one in export.users.values() if not one.is_bot]
        taken = newcomers.take_over([*everyone, *map(_newcomer, strangers.values())])
        reader = _reader(export, taken)
        progress, counts = Progress(self, total, lambda done, seconds: f"{done / seconds:.0f}/s"), Counter[str]()
        for room in rooms(export, reader, taken):
            counts["conversations"] += 1
            for read, stored in archive.stream(room.id, room.entries(export, reader)):
                counts += Counter(read=read, stored=stored)
                progress.add(read)
            room.seat()
        progress.end()
        self._report(export, reader, taken, counts)

    def _report(self, export: Export, reader: Reader, taken: Taken, counts: Counter[str]) -> None:
        read, stored = counts["read"], counts["stored"]
        self.stdout.write(f"read     {read} messages in {counts['conversations']} conversations")
        self.stdout.write(f"stored   {stored}, {read - stored} were there already")
        self.stdout.write(f"people   {len(taken.made)} made, {taken.known} known by their address, of {len(taken.ids)}")
        if taken.made:
            self.stdout.write("         Who was made has no password: `manage.py passwordlink USERNAME` gives a link.")
        for word, found in (("left out", export.skipped + reader.skipped), ("changed", +reader.lost)):
            for what, count in sorted(found.items()):
                self.stdout.write(f"{word:<9}{count} {what}")
        if not export.skipped + reader.skipped:
            self.stdout.write("left out nothing")


def _looked_through(export: Export) -> tuple[dict[str, User], int]:
    """Authors that the list of users does not have, as their messages show them; and how many messages there are."""
    strangers: dict[str, User] = {}
    total = 0
    for kind, place in export.places:
        for day in export.messages(kind, place):
            total += len(day)
            found = [_stranger(one) for one in day if one.user and one.user not in export.users]
            strangers |= {one.id: one for one in found if one.name}
    return strangers, total


def _stranger(message: Message) -> User:
    """Somebody of another workspace, or who was deleted: they never come in. Without a name where none is told."""
    shown = message.user_profile
    name = (shown.display_name or shown.real_name or shown.name or "") if shown and not message.bot_id else ""
    return User(id=message.user or "", name=name, deleted=True)


def _newcomer(user: User) -> Newcomer:
    email = (user.profile.email or "").replace("\0", "")
    return Newcomer(KEY.format(user.id), user.name or user.id, email, user.shown, not user.deleted)


def _reader(export: Export, taken: Taken) -> Reader:
    cards = people.cards(taken.ids.values())
    known = {key.removeprefix(KEY.format("")): cards[who] for key, who in taken.ids.items()}
    bots = [one.id for one in export.users.values() if one.is_bot]
    return Reader(known, bots, {one.id: one.name for _kind, one in export.places})
