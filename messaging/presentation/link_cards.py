"""Previews of links as they are shown under a message."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from messaging.protocol import PreviewData


class CardView(msgspec.Struct, frozen=True):
    """`source` is the host, which is true, after what the page calls itself."""

    url: str
    title: str
    description: str
    source: str
    picture: str


def views(previews: Iterable[PreviewData]) -> list[CardView]:
    return [_view(one) for one in previews]


def _view(one: PreviewData) -> CardView:
    host = (urlsplit(one.url).hostname or "").removeprefix("www.")
    source = host if one.site.lower() in ("", host) else f"{one.site} · {host}"
    return CardView(one.url, one.title, one.description, source, one.picture.url if one.picture else "")
