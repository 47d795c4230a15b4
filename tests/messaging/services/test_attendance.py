"""A block and an arrival or departure that is just being told: whom one blocked does not stay online."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from threading import Thread, get_ident
from typing import Any

import pytest

from accounts.models import User
from accounts.services import relationships
from chatsite.realtime import hub, presence
from chatsite.realtime.presence import Presence
from chatsite.realtime.publication import Publication
from messaging.services import attendance
from messaging.services.attendance import Attendance
from tests.cast import acquaint, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mongo]


class Room:
    """ada and cleo, who talk in private; what each believes of the other follows from what was sent to them."""

    def __init__(self, password_hash: str) -> None:
        self.ada, self.cleo = person("ada", password_hash), person("cleo", password_hash)
        acquaint(self.ada, self.cleo)
        self.attendance = Attendance()
        self.believed: dict[tuple[str, str], str] = {}
        self.heard: list[tuple[str, str, str]] = []

    def arrive(self, who: User) -> None:
        self.attendance.arrive(who.chat_id, self._places(who), lambda text: self._hear(who.chat_id, text))

    def depart(self, who: User) -> None:
        self.attendance.depart(who.chat_id, self._places(who))

    def publish(self, *events: Publication) -> None:
        for event in events:
            if event.text and event.topic.startswith("u:"):
                self._hear(event.topic.removeprefix("u:"), event.text)

    def sees(self, one: User, other: User) -> bool:
        return self.believed.get((one.chat_id, other.chat_id)) == "online"

    def _hear(self, who: str, text: str) -> None:
        said = json.loads(text)
        for frame in said if isinstance(said, list) else [said]:
            if frame["type"] == "presence":
                self.believed[who, frame["user_id"]] = frame["state"]
                self.heard.append((who, frame["user_id"], frame["state"]))

    def _places(self, who: User) -> Collection[attendance.Place]:
        return attendance.places([who.chat_id])[who.chat_id].values()


@pytest.fixture
def room(password_hash: str, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Nothing is told before `flush`."""
    counting = Presence()
    monkeypatch.setattr(counting, "_refreshing", Thread())
    monkeypatch.setattr(presence, "presence", counting)
    for name in ("online", "shown", "last_seen"):
        monkeypatch.setattr(presence, name, getattr(counting, name))
    monkeypatch.setattr(Attendance, "_run", lambda self: None)
    room = Room(password_hash)
    monkeypatch.setattr(hub.hub, "publish", room.publish)
    return room


def during(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object]) -> None:
    """Has it happen once, when an announcement has found out who sees whom and has not told them yet. One of this test:
    sockets of an earlier one may still be leaving, in a thread of their own."""
    ask, left, here = attendance.company, [what], get_ident()

    def asked(*given: Any) -> Any:
        found = ask(*given)
        for one in (left.pop(),) if left and get_ident() == here else ():
            one()
        return found

    monkeypatch.setattr(attendance, "company", asked)


@pytest.fixture
def both(room: Room) -> Room:
    """They are here and know it."""
    room.arrive(room.ada)
    room.arrive(room.cleo)
    room.attendance.flush()
    assert room.sees(room.ada, room.cleo) and room.sees(room.cleo, room.ada)
    return room


@pytest.mark.parametrize("blocker", ["ada", "cleo"])
def test_a_block_while_an_arrival_is_being_told(room: Room, monkeypatch: pytest.MonkeyPatch, blocker: str) -> None:
    room.arrive(room.ada)
    room.attendance.flush()
    pair = (room.ada.chat_id, room.cleo.chat_id)
    during(monkeypatch, lambda: relationships.block(*(pair if blocker == "ada" else pair[::-1])))
    room.arrive(room.cleo)
    room.attendance.flush()
    assert (room.ada.chat_id, room.cleo.chat_id, "online") in room.heard, "it was on its way already"
    assert not room.sees(room.ada, room.cleo) and not room.sees(room.cleo, room.ada)


def test_a_block_of_somebody_who_has_just_left(both: Room) -> None:
    both.depart(both.cleo)
    relationships.block(both.ada.chat_id, both.cleo.chat_id)
    both.attendance.flush()
    assert not both.sees(both.ada, both.cleo) and not both.sees(both.cleo, both.ada)


def test_a_block_by_somebody_who_is_not_here_tells_the_other_nothing(room: Room) -> None:
    room.arrive(room.cleo)
    room.attendance.flush()
    relationships.block(room.ada.chat_id, room.cleo.chat_id)
    room.attendance.flush()
    assert not [one for one in room.heard if one[0] == room.cleo.chat_id]


def test_a_block_while_two_are_introduced(both: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = (both.ada.chat_id, both.cleo.chat_id)
    relationships.block(*pair)
    during(monkeypatch, lambda: relationships.block(*pair))
    relationships.unblock(*pair)
    assert not both.sees(both.ada, both.cleo) and not both.sees(both.cleo, both.ada)
