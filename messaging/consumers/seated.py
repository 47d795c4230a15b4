"""A socket that knows where its person sits, and whether they may still be here."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from itertools import chain
from typing import Any

from accounts.services import tokens
from chatsite.errors import NotFound, Unavailable
from chatsite.realtime import auth, protocol
from chatsite.realtime.hub import conversation_topic, hub, user_topic
from chatsite.realtime.lately import Lately
from chatsite.realtime.loader import Loader
from chatsite.realtime.socket import Socket
from messaging.protocol import ConversationRemoved
from messaging.services import attendance, catchup, discretion
from messaging.services.attendance import Place
from messaging.services.catchup import Missed

log = logging.getLogger(__name__)
LOGOUT_TAKES = 0.5  # seconds until an ended session is gone from its store
LOOK_EVERY = 18.0  # seconds since the last look after which a ping is one: nearly always the hub's comes first
MISSED_AT_ONCE = 20  # conversations that are read for a returning client before it takes what was found
RECHECK = 20.0
"""Seconds between two looks whether someone may still be here and where they sit, for all sockets together: with Redis
down, a right that ended shows within 30."""

# What many sockets ask at once when everyone comes back. Each is answered with one call for all who wait.
standing = Loader(Lately(tokens.standing))
places_of = Loader(attendance.places)
told = Loader(Lately(discretion.told))
missed = Loader(catchup.missed)


class SeatedSocket(Socket):
    """Listens to the conversations of its person: to those there are when it comes, and as they come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.ready = False
        self.shown: tokens.Pass | None = None
        self._moves = 0
        self._checked_at = self.heard_at - LOOK_EVERY

    async def closing(self) -> None:
        hub.leave(user_topic(self.user_id), self)
        for place in self.places.values():
            hub.leave(conversation_topic(place.id), self)
        if self.ready:
            attendance.depart(self.user_id, list(self.places.values()))

    def check(self, now: float) -> None:
        super().check(now)
        if self.ready and now - self._checked_at >= RECHECK:
            hub.soon(self._look_around())

    def obey(self, order: dict[str, Any]) -> None:
        super().obey(order)
        if "join" in order:
            self._moves += 1
            hub.join(conversation_topic(order["join"]), self)
            hub.soon(self._joined(order["join"], tuple(order["known"])))
        if "leave" in order:
            self._moves += 1
            self.places.pop(order["leave"], None)
            hub.leave(conversation_topic(order["leave"]), self)
        if "accepted" in order and order["accepted"] in self.places:
            self._moves += 1
            self.places[order["accepted"]] = replace(self.places[order["accepted"]], waiting=False)
        if "receipts" in order:
            self._moves += 1
            hub.show_receipts(self, order["receipts"])
        if "typing" in order:
            self._moves += 1
            hub.show_typing(self, order["typing"])
        if "recheck" in order:
            hub.soon(self._recheck(LOGOUT_TAKES))

    async def _joined(self, conversation_id: str, known: tuple[int, int]) -> None:
        """What was said between being taken in and listening there would be missed until the next heartbeat."""
        await hub.link.ready()
        await self._take_places()
        if conversation_id in self.places:
            await self._catch_up({conversation_id: known})
        else:  # closed or taken out meanwhile: the hub must not keep this socket
            hub.leave(conversation_topic(conversation_id), self)

    async def _catch_up(self, cursors: protocol.Cursors) -> None:
        self._deny(cursors)
        known = {self.places[one].id: at for one, at in cursors.items() if one in self.places}
        asked = [Missed(self.user_id, here, *at, self.language if self.html else None) for here, at in known.items()]
        for start in range(0, len(asked), MISSED_AT_ONCE):
            answers = await missed(asked[start : start + MISSED_AT_ONCE])
            for answer in chain.from_iterable(answers.values()):
                self.event(answer)
                await self.drained()

    def _deny(self, cursors: protocol.Cursors) -> None:
        """Tells a client which of the conversations it knows are not, or no longer, its person's."""
        for gone in cursors.keys() - self.places.keys():
            self.event(ConversationRemoved(conversation_id=gone, reason="not_found"))

    async def _look_around(self) -> None:
        """Finds out whether the person may still be here and where they sit now."""
        self._checked_at = time.monotonic()
        try:
            await self._recheck()
            await self._take_places()
        except Unavailable as away:
            log.info("a socket could not be checked, it will be again: %s", away)

    async def _recheck(self, after: float = 0.0) -> None:
        """Closes the socket when the session ended or the account was closed."""
        await asyncio.sleep(after)
        if self.session is not None:
            still = await auth.session_user.one(self.session) == self.user_id
        else:
            still = self.shown is not None and await standing.one(self.shown)
        if not still:
            self.close(protocol.SIGNED_OUT)

    async def _take_places(self) -> None:
        """Reads the person's conversations again: joins the new ones, leaves those that are no longer theirs. And
        whether they see receipts and typing."""
        moves = None
        while moves != self._moves:  # who was taken in or out meanwhile must not be undone by what was read before
            moves = self._moves
            now = await places_of.one(self.user_id)
            shown = await told.one(self.user_id)
        if self.closed:
            return
        for gone in self.places.keys() - now.keys():
            hub.leave(conversation_topic(self.places[gone].id), self)
        for fresh in now.keys() - self.places.keys():
            hub.join(conversation_topic(now[fresh].id), self)
        hub.show_receipts(self, shown.receipts)
        hub.show_typing(self, shown.typing)
        self.places = now

    async def _place(self, conversation_id: str) -> Place:
        """Looks again before it says no: who was taken in may hear of it, and write, before this socket has."""
        if conversation_id not in self.places:
            await self._take_places()
        try:
            return self.places[conversation_id]
        except KeyError:
            raise NotFound("There is no such conversation.") from None
