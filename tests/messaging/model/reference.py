"""The chat in memory, written from PROTOCOL.md alone: what each command is answered with, and what then is true.

It knows no sockets, no databases and no time: one command after the other. People are their ids; a command gives an
Ack, or raises Refused with the protocol's code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.messaging.model.room import Ack, Message, Refused, Room, Seat

RANKS = ("owner", "admin", "member")


class Chat:
    """All rooms, by id, and who has blocked whom."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.blocks: set[tuple[str, str]] = set()

    def rooms_of(self, who: str) -> dict[str, Room]:
        return {here: room for here, room in self.rooms.items() if self.has(who, room)}

    def has(self, who: str, room: Room) -> bool:
        """Whether a room is somebody's now. A private one is put away while they block the other; the other goes on in
        it as if nothing were."""
        away = room.private and any((who, one) in self.blocks for one in room.seats)
        return who in room.seats and not away

    def found_group(self, here: str, founder: str, name: str, others: list[str]) -> None:
        seats = {one: Seat("owner" if one == founder else "member", 0, 0, 0) for one in [founder, *others]}
        self.rooms[here] = Room(False, name, seats, changes=["created"])

    def open_private(self, here: str, both: list[str]) -> None:
        self.rooms[here] = Room(True, None, {one: Seat("member", 0, 0, 0) for one in both})

    # Messages

    def send(
        self,
        who: str,
        here: str,
        client_id: str,
        content: str,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Ack:
        """The same send again, also with other words, is answered with where the first one stands."""
        room = self._room(who, here)
        if not content:
            raise Refused("invalid")
        earlier = room.sent(who, client_id)
        if earlier is not None:
            return Ack(earlier.seq)
        root = None if thread is None else room.root(thread)
        if root is not None and root.deleted:
            raise Refused("conflict")
        seq = len(room.messages) + 1
        room.messages.append(Message(seq, client_id, who, content, reply_to, root.seq if root else None))
        return Ack(seq)

    def edit(self, who: str, here: str, seq: int, op_id: str, content: str) -> Ack:
        def change(message: Message) -> None:
            message.content, message.edited = content, True

        room = self._room(who, here)
        if not content:
            raise Refused("invalid")
        if room.messages[seq - 1].sender != who:
            raise Refused("forbidden")
        return self._amend(who, room, seq, op_id, "edited", content, change)

    def delete(self, who: str, here: str, seq: int, op_id: str) -> Ack:
        """Takes a message back: its sender may, and who runs the group. It keeps its place, empty."""

        def change(message: Message) -> None:
            message.content, message.reactions, message.pinned, message.deleted = "", {}, False, True

        room = self._room(who, here)
        if room.messages[seq - 1].sender != who and room.seats[who].role == "member":
            raise Refused("forbidden")
        return self._amend(who, room, seq, op_id, "deleted", None, change)

    def react(self, who: str, here: str, seq: int, op_id: str, emoji: str, on: bool) -> Ack:
        def change(message: Message) -> None:
            holders = [one for one in message.reactions.get(emoji, []) if one != who]
            message.reactions[emoji] = [*holders, who] if on else holders
            message.reactions = {sign: who for sign, who in message.reactions.items() if who}

        return self._amend(who, self._room(who, here), seq, op_id, "reaction", (emoji, on), change)

    def pin(self, who: str, here: str, seq: int, op_id: str, on: bool) -> Ack:
        def change(message: Message) -> None:
            message.pinned = on

        return self._amend(who, self._room(who, here), seq, op_id, "pinned", on, change)

    def _amend(
        self, who: str, room: Room, seq: int, op_id: str, kind: str, what: object, change: Callable[[Message], None]
    ) -> Ack:
        asked = (kind, seq, what)
        if (who, op_id) in room.operations:
            earlier, ack = room.operations[who, op_id]
            if earlier != asked:
                raise Refused("conflict")
            return ack
        message = room.messages[seq - 1]
        if message.deleted and kind != "deleted":
            raise Refused("conflict")
        change(message)
        ack = Ack(seq, room.enter(kind))
        room.operations[who, op_id] = (asked, ack)
        return ack

    # Receipts

    def receive(self, who: str, here: str, kind: str, seq: int) -> bool:
        """Everything up to `seq` was delivered or read. True when that moved a cursor: it never goes back."""
        room = self._room(who, here)
        seat, seq = room.seats[who], min(seq, len(room.messages))
        moved = self._pass(room, who, "delivered", seat.delivered, seq)
        if kind == "read":
            moved = self._pass(room, who, "read", seat.read, seq) or moved
        return moved

    @staticmethod
    def _pass(room: Room, who: str, kind: str, before: int, seq: int) -> bool:
        for message in room.messages[before:seq]:
            if message.sender != who:
                getattr(message, kind).add(who)
        setattr(room.seats[who], kind, max(before, seq))
        return seq > before

    # Who is there

    def rename(self, who: str, here: str, name: str) -> None:
        room = self._run(who, here)
        if room.name != name:
            room.name = name
            room.enter("renamed")

    def add(self, who: str, here: str, other: str) -> None:
        room = self._run(who, here)
        if self._blocked(who, other):
            raise Refused("invalid")
        if other not in room.seats:
            head = len(room.messages)
            room.seats[other] = Seat("member", head, head, head)
            room.enter("member_added")

    def remove(self, who: str, here: str, other: str) -> None:
        room = self._run(who, here)
        if other not in room.seats:
            raise Refused("not_found")
        if room.seats[who].role != "owner" and room.seats[other].role != "member":
            raise Refused("forbidden")
        self._take_away(room, other, "member_removed")

    def leave(self, who: str, here: str) -> None:
        room = self._room(who, here)
        if room.private:
            raise Refused("invalid")
        self._take_away(room, who, "member_left")

    def set_role(self, who: str, here: str, other: str, role: str) -> None:
        """Only the owner may; making someone else the owner makes oneself an admin."""
        room = self._run(who, here, ("owner",))
        if other not in room.seats:
            raise Refused("not_found")
        room.seats[other].role = role
        if role == "owner":
            room.seats[who].role = "admin"
        room.enter("role_changed")

    def _take_away(self, room: Room, who: str, kind: str) -> None:
        """Where the owner goes, the longest-serving admin, else member, comes after them."""
        del room.seats[who]
        room.enter(kind)
        heirs = sorted(room.seats.values(), key=lambda seat: RANKS.index(seat.role))
        if heirs:
            heirs[0].role = "owner"

    # Who may

    def block(self, who: str, other: str) -> None:
        self.blocks.add((who, other))

    def unblock(self, who: str, other: str) -> None:
        self.blocks.discard((who, other))

    def _blocked(self, one: str, other: str) -> bool:
        return bool({(one, other), (other, one)} & self.blocks)

    def _room(self, who: str, here: str) -> Room:
        """A stranger's room and one that does not exist are the same to whoever asks."""
        room = self.rooms.get(here)
        if room is None or not self.has(who, room):
            raise Refused("not_found")
        return room

    def _run(self, who: str, here: str, roles: tuple[str, ...] = ("owner", "admin")) -> Room:
        room = self._room(who, here)
        if room.private:
            raise Refused("invalid")
        if room.seats[who].role not in roles:
            raise Refused("forbidden")
        return room


def outcome(call: Callable[..., Any], *args: Any) -> Any:
    """What the reference answers, be it an Ack, None or the code of a refusal."""
    try:
        return call(*args)
    except Refused as refusal:
        return refusal.code
