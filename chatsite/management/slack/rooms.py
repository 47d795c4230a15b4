"""Conversations of an export as those of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.services.newcomers import Taken
from chatsite.management.slack.export import Export
from chatsite.management.slack.reading import Reader
from chatsite.management.slack.shapes import Place
from chatsite.types import ObjectId, UserId
from messaging.documents import NAME_MAX
from messaging.services import archive
from messaging.services.archive import Known
from messaging.services.conversations import MEMBERS_MAX

KEY = "slack:{}"
"""Of a person or conversation, wherever it must be known again."""


@dataclass(frozen=True)
class Room:
    """One conversation: where it is in the export, where it is here, and who gets a seat."""

    kind: str
    place: Place
    id: ObjectId
    members: list[UserId]
    owner: UserId | None

    def entries(self, export: Export, reader: Reader) -> Iterator[Known]:
        """What was said there, in order."""
        for day in export.messages(self.kind, self.place):
            yield from reader.entries(self.id, self.place, day)

    def seat(self) -> None:
        """Lets its members in, after what is there to read."""
        if self.kind != "private":
            archive.seat(self.id, self.members, self.owner)


def rooms(export: Export, reader: Reader, taken: Taken) -> Iterator[Room]:
    """Those that somebody can read. Each is there, made where it was not, when it is yielded."""
    for kind, place in export.places:
        known = [taken.ids[KEY.format(one)] for one in place.members if KEY.format(one) in taken.ids]
        here = [taken.ids[KEY.format(one)] for one in place.members if KEY.format(one) in taken.active]
        owner = taken.ids.get(KEY.format(place.creator))
        if not here and kind != "public":
            reader.skipped["conversations of nobody who is here"] += 1
        elif kind != "private":
            reader.lost[f"members beyond {MEMBERS_MAX} of a group"] += max(0, len(here) - MEMBERS_MAX)
            founder = owner or next(iter(known), None) or next(iter(taken.ids.values()))
            made = archive.room(_name(place, reader), founder, KEY.format(place.id), public=kind == "public")
            yield Room(kind, place, made.id, here[:MEMBERS_MAX], owner)
        elif len(set(known)) == 2:
            yield Room(kind, place, archive.private(*set(known)).id, here, None)
        else:
            reader.skipped["conversations with oneself, or with nobody known"] += 1


def _name(place: Place, reader: Reader) -> str:
    """That of a channel; of a few people, their names."""
    name = place.name
    if name.startswith("mpdm-"):
        name = ", ".join(reader.people[one].display_name for one in place.members if one in reader.people)
    shown = "".join(one for one in name if one.isprintable())
    return " ".join(shown.split())[:NAME_MAX].strip() or place.id[:NAME_MAX] or "Slack"
