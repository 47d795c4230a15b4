"""Files of a message as they are shown: pictures, films, sounds, and rows for everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.template.defaultfilters import filesizeformat

from chatsite.web.sniffing import FILMS, SOUNDS

WIDE, HIGH = 360, 320  # pixels that a picture takes in a conversation at most
SMALL, LARGE = 720, 2048  # pixels of its longer side: in the conversation, and looked at by itself


class FileView(msgspec.Struct, frozen=True):
    """`kind` is "picture", "film", "sound" or "file". `width` and `height` are those on the page; `small` and `large`
    are the addresses of a picture that was made anew."""

    id: str
    kind: str
    url: str
    name: str
    size: str
    ending: str
    width: int = 0
    height: int = 0
    blur: str = ""
    small: str = ""
    large: str = ""


def views(files: Iterable[Mapping[str, Any]]) -> list[FileView]:
    return [_view(one) for one in files]


def _view(file: Mapping[str, Any]) -> FileView:
    known = (file["url"], file["name"], filesizeformat(file["size"]), _ending(file["name"]))
    if not file.get("width"):
        kind = "film" if file["type"] in FILMS else "sound" if file["type"] in SOUNDS else "file"
        return FileView(file["id"], kind, *known)
    width, height = fitted(file["width"], file["height"])
    folder = file["url"].rpartition("/")[0]
    shown = (f"{folder}/shown/{SMALL}.webp", f"{folder}/shown/{LARGE}.webp")
    return FileView(file["id"], "picture", *known, width, height, file.get("blur") or "", *shown)


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size on the page of a picture of this size. It is not enlarged."""
    scale = min(1.0, WIDE / width, HIGH / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _ending(name: str) -> str:
    stem, _dot, ending = name.rpartition(".")
    return ending.upper() if stem and len(ending) <= 5 else ""
