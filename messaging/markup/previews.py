"""A message in one line, for lists and for whoever is told of it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from messaging.markup.rendering import plain

CLIP = "📎"


def preview(content: str, files: Iterable[str], most: int) -> str:
    """How it begins, without marks, in at most `most` characters; where nothing is said, what its files are called."""
    names = list(files)
    return (plain(content) or (f"{CLIP} {', '.join(names)}" if names else ""))[:most]
