"""What we read of an export. Everything else in it is passed over, and what it may lack has a default."""

from __future__ import annotations

import msgspec


class Profile(msgspec.Struct, frozen=True):
    email: str | None = None
    real_name: str | None = None
    display_name: str | None = None


class User(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    deleted: bool = False
    is_bot: bool = False
    real_name: str | None = None
    profile: Profile = Profile()

    @property
    def shown(self) -> str:
        return self.profile.display_name or self.profile.real_name or self.real_name or self.name


class Place(msgspec.Struct, frozen=True):
    """A conversation: its messages are in the folder of its name, those of two people in that of its id."""

    id: str
    name: str = ""
    creator: str | None = None
    members: list[str] = []


class Edited(msgspec.Struct, frozen=True):
    ts: str


class Reaction(msgspec.Struct, frozen=True):
    name: str
    users: list[str] = []


class File(msgspec.Struct, frozen=True):
    name: str | None = None
    title: str | None = None
    permalink: str | None = None
    url_private: str | None = None


class Author(msgspec.Struct, frozen=True):
    """What a message says of who wrote it, where that is nobody of the workspace."""

    name: str | None = None
    real_name: str | None = None
    display_name: str | None = None


class Message(msgspec.Struct, frozen=True):
    ts: str
    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    text: str | None = None
    thread_ts: str | None = None
    edited: Edited | None = None
    reactions: list[Reaction] = []
    files: list[File | None] | None = None
    user_profile: Author | None = None
