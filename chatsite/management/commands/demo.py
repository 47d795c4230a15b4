from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services import profiles, registration, relationships
from chatsite.clock import now
from chatsite.management import screenplay
from chatsite.management.screenplay import Play
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId
from messaging.documents import Conversation
from messaging.repositories import conversations as stored
from messaging.services import archive, conversations, receipts, requests
from messaging.services.archive import Entry

STORIES = Path(screenplay.__file__).with_name("stories")
SPACE = UUID("3d1f6c0a-5a0b-5f0c-8a55-52a4f1f0a6d7")
PASSWORD = "a kite over the harbour"  # noqa: S105  (told to everyone: the demo's)
CAST = {
    "ada": ("Ada Lovelace", "Wind, spreadsheets, and a pier to think on."),
    "ben": ("Ben Okafor", "Baker. Awake when you are not."),
    "cleo": ("Cleo Marchetti", "Windmills, balloons, best prices 🎈"),
    "dora": ("Dora Lindqvist", "Keeper of the light, the whistle and the accounts."),
    "eve": ("Eve Stranger", "I take photographs of the sea."),
}
STAFF = "dora"
REQUEST = "Hello! I think one of my photographs from the pier has you and a very large kite in it. Would you like it?"


class Command(BaseCommand):
    help = "Adds five people and a week of their conversations. Repeating adds nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        people = {name: self._person(name) for name in CAST}
        for file in sorted(STORIES.glob("*.txt")):
            self._perform(screenplay.read(file, now()), people)
        self._relate(people)
        self.stdout.write(f"Sign in as {', '.join(CAST)}; the password of each is: {PASSWORD}")
        self.stdout.write(f"{STAFF} may open the administration. Everybody can read this password: do not go online.")

    def _person(self, name: str) -> UserId:
        address, (display_name, bio) = f"{name}@example.org", CAST[name]
        with as_auth():
            user = User.objects.named(name).first()
        if user is None:
            staff = {"is_staff": True, "is_superuser": True} if name == STAFF else {}
            user = User.objects.create_user(name, address, PASSWORD, is_verified=True, **staff)
            registration.complete(user)
            profiles.update(user.chat_id, display_name=display_name, bio=bio)
        elif user.email != address:
            raise CommandError(f"Somebody else is called {name} here: the demo wants an empty installation.")
        return user.chat_id

    def _perform(self, play: Play, people: dict[str, UserId]) -> None:
        cast = [people[name] for name in play.people]
        here = self._room(play, cast)
        new = sum(archive.take_in(here.id, _entries(play, people)))
        for name in play.people if new else ():
            seen = len(play.lines) - play.unread.get(name, 0)
            receipts.mark(people[name], here.id, "read", seen)
            receipts.mark(people[name], here.id, "delivered", len(play.lines))
        if new:
            self.stdout.write(f"{new} messages in {play.name or ' and '.join(play.people)}")

    def _room(self, play: Play, cast: list[UserId]) -> Conversation:
        if play.name is None:
            return stored.private_of(*cast) or self._acquaint(*cast)
        here = archive.room(play.name, cast[0], key=f"demo:{play.key}")
        for who in () if here.participants else cast:
            archive.let_in(here.id, who)
        return here

    def _acquaint(self, one: UserId, other: UserId) -> Conversation:
        here, _created = conversations.start_private(one, other)
        requests.accept(other, here.id)
        return here

    def _approach(self, who: UserId, whom: UserId) -> None:
        """A stranger's first message, which waits for an answer."""
        here, _created = conversations.start_private(who, whom)
        list(archive.take_in(here.id, [Entry(str(uuid5(SPACE, "request")), who, REQUEST, now())]))

    def _relate(self, people: dict[str, UserId]) -> None:
        ada, ben, cleo, dora, eve = people.values()
        if relationships.standing(ada, ben) != "none":
            return
        for one, other in ((ada, ben), (ada, dora)):
            relationships.request(one, other)
            relationships.accept(other, one)
        self._approach(eve, ada)
        relationships.request(eve, ada)
        relationships.request(ben, dora)
        relationships.block(ada, cleo)


def _entries(play: Play, people: dict[str, UserId]) -> list[Entry]:
    keys = [str(uuid5(SPACE, f"{play.key}:{place}")) for place in range(len(play.lines))]
    return [
        Entry(key, people[line.who], line.text, line.at, None if line.answers is None else keys[line.answers])
        for key, line in zip(keys, play.lines, strict=True)
    ]
