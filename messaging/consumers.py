"""The chat's socket: each command of PROTOCOL.md, carried out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, ClassVar, assert_never

import msgspec

from accounts.services import tokens
from chatsite.clock import iso
from chatsite.errors import ChatError, Forbidden, NotFound, Unauthorized, Unavailable
from chatsite.realtime import auth, protocol
from chatsite.realtime.hub import conversation_topic, hub, publish, user_topic
from chatsite.realtime.lately import Lately
from chatsite.realtime.loader import Loader
from chatsite.realtime.protocol import Command, Hello, Ping, Pong, Ready
from chatsite.realtime.socket import Socket
from chatsite.realtime.work import in_thread
from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.documents import CONTENT_MAX
from messaging.protocol import (
    Ack,
    Amendment,
    ConversationRemoved,
    Inbound,
    MessageDelete,
    MessageEdit,
    MessagePin,
    MessageSend,
    ReactionSet,
    ReceiptDelivered,
    ReceiptRead,
    Sync,
    SyncBatch,
    SyncReset,
    Typing,
    TypingSeen,
)
from messaging.repositories import epochs
from messaging.repositories.names import Kind
from messaging.repositories.writer import Outcome
from messaging.services import (
    amendments,
    attendance,
    catchup,
    discretion,
    inbox,
    messages,
    pace,
    receipts,
    requests,
    typing,
)
from messaging.services.amendments import Amended
from messaging.services.attendance import Place
from messaging.services.catchup import Missed

log = logging.getLogger(__name__)
LIMITS = {"content": CONTENT_MAX, "frame": protocol.FRAME_MAX, "sync": 500}
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
heads_of = Loader(inbox.heads)
missed = Loader(catchup.missed)


class ChatSocket(Socket):
    """One tab or client of one person."""

    decoder: ClassVar[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(Inbound)

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.ready = False
        self.shown: tokens.Pass | None = None
        self._moves = 0
        self._checked_at = self.heard_at - LOOK_EVERY

    async def identify(self, token: str) -> UserId | None:
        try:
            self.shown = tokens.read_access(token)
        except Unauthorized:
            return None
        return self.shown.user if await standing.one(self.shown) else None

    async def command(self, command: Command) -> None:
        if not self.ready and not isinstance(command, Hello):
            raise Forbidden("Say hello first.")
        match command:
            case Hello():
                await self._hello(command)
            case MessageSend():
                await self._send_message(command)
            case MessageEdit():
                await self._amend(amendments.edit, command, command.content)
            case MessageDelete():
                await self._amend(amendments.delete, command)
            case ReactionSet():
                await self._amend(amendments.react, command, command.emoji, command.on)
            case MessagePin():
                await self._amend(amendments.pin, command, command.on)
            case ReceiptDelivered():
                await self._note("delivered", command)
            case ReceiptRead():
                await self._note("read", command)
            case Typing():
                await self._type(command)
            case Sync():
                await self._sync(command)
            case Ping():
                await self._ping(command)
            case _:
                assert_never(command)  # type: ignore[arg-type]

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

    async def _hello(self, hello: Hello) -> None:
        """Subscribes first and reads the heads after, so nothing can fall between."""
        if not self.user_id:
            self.shown = await in_thread(tokens.redeem_ticket, hello.ticket) if hello.ticket else None
            self.user_id = self.shown.user if self.shown else UserId("")
        if not self.user_id:
            self.close(protocol.SIGNED_OUT)
            return
        hub.join(user_topic(self.user_id), self)
        known = epochs.known()
        epoch = await in_thread(epochs.current) if known is None else known
        await self._take_places()
        await hub.link.ready()
        self.event(Ready(user_id=self.user_id, epoch=epoch, ping_ms=protocol.PING_INTERVAL, limits=LIMITS))
        if not self.ready:
            self.ready = True
            attendance.arrive(self.user_id, list(self.places.values()), partial(hub.post, self._met))
        if hello.epoch not in (None, epoch):
            self.event(SyncReset(conversation_id=None, reason="epoch"))
        elif hello.cursors:
            await self._catch_up(hello.cursors)

    def _met(self, company: str) -> None:
        self.push(company, fleeting=True)

    async def _catch_up(self, cursors: protocol.Cursors) -> None:
        self._deny(cursors)
        known = {self.places[one].id: at for one, at in cursors.items() if one in self.places}
        asked = [Missed(self.user_id, here, *at, self.html) for here, at in known.items()]
        for start in range(0, len(asked), MISSED_AT_ONCE):
            answers = await missed(asked[start : start + MISSED_AT_ONCE])
            for answer in chain.from_iterable(answers.values()):
                self.event(answer)
                await self.drained()

    async def _note(self, kind: Kind, receipt: ReceiptDelivered | ReceiptRead) -> None:
        place = await self._place(receipt.conversation_id)
        receipts.note(self.user_id, place.id, kind, receipt.seq)
        self.acknowledge({receipt.conversation_id: (receipt.seq, 0)})

    async def _sync(self, sync: Sync) -> None:
        here, cursor = (await self._place(sync.conversation_id)).id, (sync.after_seq, sync.after_rev)
        self.acknowledge({sync.conversation_id: cursor})
        await self.drained()
        self.event(await in_thread(_hole, self.user_id, here, cursor, sync.limit, self.html))

    def resumed(self) -> None:
        self.event(SyncReset(conversation_id=None, reason="lagging"))

    def _deny(self, cursors: protocol.Cursors) -> None:
        """Tells a client which of the conversations it knows are not, or no longer, its person's."""
        for gone in cursors.keys() - self.places.keys():
            self.event(ConversationRemoved(conversation_id=gone, reason="not_found"))

    async def _send_message(self, command: MessageSend) -> None:
        pace.writing.take(self.user_id)
        place = await self._place(command.conversation_id)
        if command.reply_to is None:
            draft = messages.draft(self.user_id, place.id, command.client_id, command.content)
        else:
            draft = await in_thread(
                messages.draft, self.user_id, place.id, command.client_id, command.content, command.reply_to
            )
        if place.partner is not None and not access.known_contact(self.user_id, place.partner):
            earlier = await in_thread(messages.may_send, draft, place.partner)
            if earlier is not None:
                self._settled(draft.client_id, earlier)
                return
        if place.waiting:
            await in_thread(requests.accept, self.user_id, place.id)
        messages.writer.append(draft, partial(hub.post, self._settled, draft.client_id))

    def _settled(self, client_id: str, outcome: Outcome) -> None:
        if isinstance(outcome, ChatError):
            self.refuse(outcome, client_id=client_id)
            return
        stored = outcome.message
        self.event(
            Ack(
                client_id=client_id,
                message_id=str(stored.id),
                conversation_id=str(stored.conversation_id),
                seq=stored.seq,
                created_at=iso(stored.created_at),
            )
        )

    async def _amend(self, change: Callable[..., Amended], command: Amendment, *what: Any) -> None:
        pace.writing.take(self.user_id)
        done = await in_thread(change, self.user_id, command.message_id, command.op_id, *what)
        self.event(
            Ack(
                op_id=str(command.op_id),
                message_id=str(done.message.id),
                conversation_id=str(done.message.conversation_id),
                seq=done.message.seq,
                rev=done.change.rev,
                created_at=iso(done.change.created_at),
            )
        )

    async def _ping(self, ping: Ping) -> None:
        """The heartbeat also finds out whether the person may still be here, should an order have been lost, and tells
        a client of what is not theirs any more, should that event have been lost."""
        cursors: protocol.Cursors = {} if ping.cursors is msgspec.UNSET else ping.cursors
        self.acknowledge(cursors, unplaced=True)
        if time.monotonic() - self._checked_at >= LOOK_EVERY:
            await self._look_around()
        if ping.cursors is msgspec.UNSET:
            self.event(Pong())
            return
        self._deny(cursors)
        heads = await heads_of([place.id for place in self.places.values()])
        mine = {one: heads[place.id] for one, place in self.places.items() if place.id in heads}
        ahead = {one: head for one, head in mine.items() if _behind(cursors.get(one, (0, 0)), head)}
        self.event(Pong(heads=ahead))

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

    async def _type(self, command: Typing) -> None:
        """Who asked to write here does not see the one they asked write before there is a yes."""
        place = await self._place(command.conversation_id)
        reach = typing.known(self.user_id)
        if reach is None:
            reach = await in_thread(typing.reach, self.user_id)
        if reach.shown and not place.waiting:
            seen = TypingSeen(conversation_id=command.conversation_id, user_id=self.user_id, on=command.on)
            publish(place.id, seen, fleeting=True, skip=[self.user_id, *reach.unseen])

    async def _place(self, conversation_id: str) -> Place:
        """Looks again before it says no: who was taken in may hear of it, and write, before this socket has."""
        if conversation_id not in self.places:
            await self._take_places()
        try:
            return self.places[conversation_id]
        except KeyError:
            raise NotFound("There is no such conversation.") from None


def _behind(cursor: tuple[int, int], head: tuple[int, int]) -> bool:
    return head[0] > cursor[0] or head[1] > cursor[1]


def _hole(me: UserId, here: ObjectId, cursor: tuple[int, int], limit: int, html: bool) -> SyncBatch | SyncReset:
    return catchup.hole(here, cursor, limit, discretion.sight(me), html=html)
