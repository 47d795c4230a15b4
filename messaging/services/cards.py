"""What a link leads to: asked of the page itself, by the worker, once a day at most for everybody together."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from secrets import token_hex
from urllib.parse import urldefrag, urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from chatsite import images, outside
from chatsite.clock import now
from chatsite.errors import ChatError
from chatsite.outside import Refused, Summary
from chatsite.types import ObjectId
from messaging.documents import LinkCard, Preview, PreviewPicture
from messaging.repositories import link_cards

log = logging.getLogger(__name__)
PAGES = ("text/html", "application/xhtml+xml")
PAGE_MAX = 512 * 1024  # bytes of a page that are read
PICTURE_MAX = 2 * 1024 * 1024  # bytes; what is larger is not shown
EDGE = 640  # pixels of a picture's longer side
FRESH, FAILED_FOR = timedelta(days=1), timedelta(hours=1)  # as long nobody asks the page again
KEPT_FOR = timedelta(days=7)  # from one look to the next whether any message shows it
AT_ONCE = 500  # cards of one sweep in memory
FOLDER = "previews"  # in the storage


def of(url: str) -> Preview | None:
    """The card of the page at this address; None where it has none. Asks the page when nobody has lately."""
    place = urldefrag(url).url
    card = link_cards.newest(place)
    if card is None or card.fetched_at < now() - (FRESH if card.title else FAILED_FOR):
        card = _made(place)
        link_cards.insert(card)
    if not card.title:
        return None
    return Preview(
        id=card.id, url=url, title=card.title, description=card.description, site=card.site, picture=card.picture
    )


def stored(key: str) -> str:
    """The name in the storage of a picture."""
    return f"{FOLDER}/{key[:2]}/{key}.webp"


def sweep() -> int:
    """Deletes what no message shows any more. Returns how many cards."""
    return sum(map(_swept, link_cards.untouched(now() - KEPT_FOR, AT_ONCE)))


def _swept(card: LinkCard) -> bool:
    if link_cards.is_shown(card.id):
        link_cards.looked_at(card.id, now())
        return False
    if card.picture is not None:
        default_storage.delete(stored(card.picture.key))
    link_cards.delete(card.id)
    return True


def _made(url: str) -> LinkCard:
    moment = now()
    try:
        page = outside.fetch(url, PAGES, PAGE_MAX)
    except Refused as refusal:
        log.info("no preview of a link: %s", refusal)
        return LinkCard(id=ObjectId(), url=url, fetched_at=moment, looked_at=moment)
    said = outside.summary(page.body, page.charset, page.url)
    return LinkCard(
        id=ObjectId(),
        url=url,
        title=said.title,
        description=said.description,
        site=said.site or _host(page.url),
        picture=_picture(said) if said.title else None,
        fetched_at=moment,
        looked_at=moment,
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")[:80]


def _picture(said: Summary) -> PreviewPicture | None:
    """Made anew of the one that the page names; None where that cannot be had, or not be read."""
    if not said.picture:
        return None
    try:
        found = outside.fetch(said.picture, tuple(images.MEDIA_TYPES), PICTURE_MAX, whole=True)
        made = images.whole(io.BytesIO(found.body), (EDGE,))
    except (Refused, ChatError) as refusal:
        log.info("no picture for a preview: %s", refusal)
        return None
    key = token_hex(16)
    default_storage.save(stored(key), ContentFile(made.smaller[EDGE]))
    scale = min(1.0, EDGE / max(made.width, made.height))
    width, height = max(1, round(made.width * scale)), max(1, round(made.height * scale))
    return PreviewPicture(key=key, width=width, height=height)
