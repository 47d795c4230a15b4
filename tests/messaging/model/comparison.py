"""The reference, a fetch and a device in the same words, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from messaging.documents import PREVIEW_MAX
from tests.messaging.model.copy import Copy, Frame
from tests.messaging.model.room import Message, Room

RECEIPTS = ("delivered_to", "read_by")


def same(found: Frame, wanted: Frame) -> None:
    """Fails with what differs."""
    different = {name: (found.get(name), wanted.get(name)) for name in wanted if found.get(name) != wanted.get(name)}
    assert not different, f"found and wanted: {different}"


def log(room: Room) -> tuple[list[int], list[str], list[int], list[str]]:
    """Both logs: dense, in order."""
    said, done = room.messages, room.changes
    return (
        list(range(1, len(said) + 1)),
        [one.content for one in said],
        list(range(1, len(done) + 1)),
        done,
    )


def visible(room: Room, who: str, ids: list[str]) -> Frame:
    """What a device shows that follows the events."""
    return {
        "cursor": list(room.head),
        "messages": [_message(one, ids) for one in room.messages],
        "name": room.name,
        "participants": sorted(room.seats),
        "seats": {one: (seat.role, seat.delivered, seat.read) for one, seat in room.seats.items()},
        "unread": room.unread(who),
    }


def shown(copy: Copy, who: str) -> Frame:
    """What this device shows."""
    return {
        "cursor": copy.cursor,
        "messages": [_read(one) for _seq, one in sorted(copy.messages.items())],
        "name": copy.name,
        "participants": sorted(copy.participants),
        "seats": {one: _seat(seat) for one, seat in copy.seats.items()},
        "unread": copy.unread(who),
    }


def expected(room: Room, who: str, ids: list[str]) -> Frame:
    """What a fetch shows: also who has received and read each message, and the row of the conversation."""
    preview = " ".join(room.messages[-1].content.split())[:PREVIEW_MAX]
    receipts = [(sorted(one.delivered), sorted(one.read)) for one in room.messages]
    replies = [room.replies(one.seq) for one in room.messages]
    return visible(room, who, ids) | {
        "receipts": receipts,
        "heads": room.head,
        "preview": preview,
        "replies": replies,
    }


def fetched(page: Frame, conversation: Frame, members: list[Frame]) -> Frame:
    return {
        "cursor": page["head"],
        "messages": [_read(one) for one in page["results"]],
        "name": conversation["name"],
        "participants": sorted(conversation["participants"]),
        "seats": {one["user_id"]: _seat(one) for one in members},
        "unread": conversation["unread"],
        "receipts": [
            tuple(sorted(who["user_id"] for who in one[array]) for array in RECEIPTS) for one in page["results"]
        ],
        "heads": (conversation["last_seq"], conversation["last_rev"]),
        "preview": conversation["last_message_preview"],
        "replies": [one["thread"]["count"] if one.get("thread") else 0 for one in page["results"]],
    }


def bare(messages: Iterable[Frame]) -> list[Frame]:
    """Messages with everything that their log holds: receipts are told apart from them, and replies are counted."""
    return [
        {name: value for name, value in one.items() if name not in (*RECEIPTS, "thread")}
        for one in sorted(messages, key=lambda one: one["seq"])
    ]


def _message(one: Message, ids: list[str]) -> dict[str, Any]:
    return {
        "id": ids[one.seq - 1],
        "seq": one.seq,
        "client_id": one.client_id,
        "sender_id": one.sender,
        "content": one.content,
        "reply_to": None if one.reply_to is None else ids[one.reply_to - 1],
        "thread_id": None if one.thread is None else ids[one.thread - 1],
        "edited": one.edited,
        "deleted": one.deleted,
        "pinned": one.pinned,
        "reactions": [{"emoji": emoji, "user_ids": who} for emoji, who in one.reactions.items()],
    }


def _read(one: Frame) -> dict[str, Any]:
    names = ("id", "seq", "client_id", "sender_id", "content", "reply_to", "reactions")
    return (
        {"thread_id": one.get("thread_id")}
        | {name: one[name] for name in names}
        | {name: one[f"{name}_at"] is not None for name in ("edited", "deleted", "pinned")}
    )


def _names(receipts: list[dict[str, str]]) -> list[str]:
    return sorted(one["user_id"] for one in receipts)


def _seat(one: Frame) -> tuple[str, int, int]:
    return one["role"], one["delivered_seq"], one["read_seq"]
