"""Previews of the links in messages: asked for behind the log, made by the worker, told as a change of the message."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import connections
from procrastinate.contrib.django import app

from chatsite.clock import now
from chatsite.mongo.codec import to_bson
from chatsite.types import ObjectId, UserId, object_id
from messaging import broadcasts, markup
from messaging.documents import Message, Preview
from messaging.repositories import changes, messages
from messaging.repositories.follower import Follower
from messaging.services import cards, discretion

log = logging.getLogger(__name__)
LINKS_MAX = 3  # of one message that have a preview
WAITING_MAX = 1_000  # messages: a flood of links is not worth its queue
MAKE = "messaging.tasks.preview_links"


class Overtaken(Exception):
    """The message says something else by now, or wants no previews."""


class Asker:
    """Hands messages with links to the worker, off the sending path. What a crash loses is a preview."""

    def __init__(self) -> None:
        self._waiting: deque[ObjectId] = deque(maxlen=WAITING_MAX)
        self._working = threading.Lock()
        self._follower = Follower("previews", self._follow)

    def add(self, found: Iterable[Message]) -> None:
        """Only takes note, of those whose text may have a link."""
        if not settings.LINK_PREVIEWS:
            return
        noted = [one.id for one in found if "://" in one.content]
        if noted:
            self._waiting.extend(noted)
            self._follower.rouse()

    def flush(self) -> None:
        """Hands over what is waiting, before it returns."""
        job = app.configure_task(MAKE)
        with self._working:
            while self._waiting:
                job.defer(message_id=str(self._waiting.popleft()))

    def _follow(self) -> None:
        try:
            self.flush()
        except Exception as error:
            log.warning("links go without a preview: %s", error)
        finally:
            connections.close_all()  # a thread of ours gets no request_finished to do so


asker = Asker()


def wanted(message: Message) -> list[str]:
    """The addresses in a message that are to have a preview: not what it covers, no code, nothing of this site."""
    if not settings.LINK_PREVIEWS or message.deleted_at or message.plain_links:
        return []
    return [one for one in markup.links(message.content) if not _is_ours(one)][:LINKS_MAX]


def carried(found: Message, content: str) -> dict[str, Any]:
    """Of an edited message, the update by which it keeps the previews of the links that are still in it."""
    if not found.previews:
        return {}
    there = markup.links(content)
    kept = [to_bson(one) for one in found.previews if one.url in there]
    return {"$set": {"previews": kept}} if kept else {"$unset": {"previews": ""}}


def make(message_id: str) -> int:
    """Asks the pages that a message links to what they are, and tells everybody. Returns how many previews it has."""
    message = messages.by_id(object_id(message_id))
    urls = wanted(message) if message else []
    if message is None or not urls:
        return 0
    known = {one.url: one for one in message.previews or ()}
    made = [known.get(one) or cards.of(one) for one in urls]
    shown = [one for one in made if one is not None]
    if shown and shown != message.previews:
        _put(message, urls, shown)
    return len(shown)


def _put(message: Message, urls: list[str], shown: list[Preview]) -> None:
    def update(found: Message) -> dict[str, Any]:
        if wanted(found) != urls:
            raise Overtaken
        return {"$set": {"previews": to_bson(shown), "updated_at": now()}}

    details = {"urls": [one.url for one in shown]}
    try:
        change, after = changes.amend(message, "previewed", UserId(message.sender_id), str(uuid4()), details, update)
    except Overtaken:
        log.info("a message changed while its links were asked")
        return
    broadcasts.message_changed(discretion.for_everyone(after), change)


def _is_ours(url: str) -> bool:
    host = urlsplit(url).hostname
    return host is not None and host == urlsplit(settings.CHAT_URL).hostname
