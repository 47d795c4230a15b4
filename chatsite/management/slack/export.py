"""A zip that comes from outside: nothing of it is unpacked to a disk, and no more of it in memory than one day.

What is too large, encrypted, damaged or no export at all is refused before anything is read into the chat.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from chatsite.management.slack.shapes import Message, Place, User

FILES_MAX = 1_000_000
FILE_MAX = 256 * 1024 * 1024  # bytes of one file, unpacked
WHOLE_MAX = 64 * 1024**3  # bytes of all of them
DENSEST = 200  # times that a file grows when it is unpacked: text does by ten to twenty
DENSE_FROM = 10 * 1024 * 1024  # bytes from which that matters
DAY = re.compile(r"([^/\\]+)/(\d{4}-\d\d-\d\d)\.json")
KINDS = {"channels": "public", "groups": "closed", "mpims": "closed", "dms": "private"}
"""The lists of conversations, and what becomes of those in each."""

T = TypeVar("T")


class Unreadable(Exception):
    """It cannot be taken in, and says why in words for whoever asked."""


class Export:
    """An open export. `skipped` counts what could not be read, by what it is. Raises Unreadable."""

    def __init__(self, file: Path) -> None:
        self.skipped: Counter[str] = Counter()
        try:
            self._zip = zipfile.ZipFile(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise Unreadable(f"{file} is no zip that can be read: {error}") from error
        self._folders: set[str] = set()
        self._check()
        self.users = {one.id: one for one in self._listed("users", User)}
        self.places = [(kind, one) for name, kind in KINDS.items() for one in self._places(name)]
        self._days = self._found()

    def close(self) -> None:
        self._zip.close()

    def messages(self, kind: str, place: Place) -> Iterator[list[Message]]:
        """What was said there, a day at a time, in order. Raises Unreadable."""
        for _day, name in self._days.get(_folder(kind, place), ()):
            yield self._messages(name)

    def _check(self) -> None:
        """What the zip says of itself. What it says of a file's size is held to when that is read."""
        entries = self._zip.infolist()
        if len(entries) > FILES_MAX:
            raise Unreadable(f"There are more than {FILES_MAX} files in it.")
        if sum(one.file_size for one in entries) > WHOLE_MAX:
            raise Unreadable(f"Unpacked it would have more than {WHOLE_MAX // 1024**3} GB.")
        for one in entries:
            if one.flag_bits & 1:
                raise Unreadable("It is encrypted. Unpack it and make a zip without a password.")
            if one.file_size > FILE_MAX and one.filename.endswith(".json"):
                raise Unreadable(f"{_plain(one.filename)} is larger than {FILE_MAX // 1024**2} MB.")
            if one.file_size > max(DENSE_FROM, one.compress_size * DENSEST):
                raise Unreadable(
                    f"{_plain(one.filename)} would grow to {one.file_size} bytes: no text is packed so far."
                )
        if "users.json" not in self._zip.namelist() or not any(f"{one}.json" in self._zip.namelist() for one in KINDS):
            raise Unreadable("It is no export of Slack: that has a users.json and a channels.json.")

    def _found(self) -> dict[str, list[tuple[str, str]]]:
        """The days of each folder, in order. What is of no conversation is passed over."""
        days: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in sorted(set(self._zip.namelist())):
            found = DAY.fullmatch(name)
            if found and found[1] in self._folders:
                days[found[1]].append((found[2], name))
            elif "/" in name and not name.endswith("/"):
                self.skipped["files of no conversation"] += 1
        return days

    def _places(self, name: str) -> Iterator[Place]:
        """Those in one list. Two of one folder cannot be told apart: it is the first one's."""
        for one in self._listed(name, Place) if f"{name}.json" in self._zip.namelist() else ():
            folder = _folder(KINDS[name], one)
            if not folder or folder in self._folders:
                self.skipped["conversations without a folder of their own"] += 1
            else:
                self._folders.add(folder)
                yield one

    def _listed(self, name: str, shape: type[T]) -> list[T]:
        try:
            return msgspec.json.decode(self._read(f"{name}.json"), type=list[shape])  # type: ignore[valid-type]
        except (msgspec.DecodeError, UnicodeError) as error:
            raise Unreadable(f"{name}.json cannot be understood: {error}") from error

    def _messages(self, name: str) -> list[Message]:
        content = self._read(name)
        try:
            return msgspec.json.decode(content, type=list[Message])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return [found for one in self._lines(content) if (found := self._message(one))]

    def _lines(self, content: bytes) -> list[object]:
        """Of a day in which something is wrong, what there is, by a reader that takes more for JSON."""
        try:
            lines = json.loads(content)
        except (ValueError, RecursionError):
            lines = None
        if not isinstance(lines, list):
            self.skipped["days that cannot be understood"] += 1
            return []
        return lines

    def _message(self, line: object) -> Message | None:
        try:
            return msgspec.json.decode(msgspec.json.encode(line), type=Message)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            self.skipped["messages that cannot be understood"] += 1
            return None

    def _read(self, name: str) -> bytes:
        """One file, as long as it says it is and no longer: the zip's own word for that is checked by reading on."""
        try:
            with self._zip.open(name) as file:
                content = file.read(FILE_MAX + 1)
        except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
            raise Unreadable(f"{_plain(name)} is damaged: {error}") from error
        if len(content) > FILE_MAX:
            raise Unreadable(f"{_plain(name)} is larger than it says.")
        return content


def _folder(kind: str, place: Place) -> str:
    return place.id if kind == "private" else place.name


def _plain(name: str) -> str:
    """A name from outside, as it may be printed."""
    return "".join(one if one.isprintable() else "?" for one in name[:120])
