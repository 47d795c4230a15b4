"""The chat's socket: each command of PROTOCOL.md, carried out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, assert_never

import msgspec

from accounts.services import tokens
from chatsite.clock import iso, now
from chatsite.errors import ChatError, Forbidden, Unauthorized
from chatsite.realtime import protocol
from chatsite.realtime.hub import hub, publish, user_topic
from chatsite.realtime.loader import Loader
from chatsite.realtime.protocol import Command, Hello, Ping, Pong, Ready
from chatsite.realtime.work import in_thread
from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.consumers.seated import LOOK_EVERY, SeatedSocket, standing
from messaging.documents import CONTENT_MAX, FILES_MAX
from messaging.protocol import (
    Ack,
    Amendment,
    Inbound,
    MessageDelete,
    MessageEdit,
    MessageHide,
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
    hiding,
    inbox,
    messages,
    pace,
    receipts,
    requests,
    typing,
)
from messaging.services.amendments import Amended

log = logging.getLogger(__name__)
LIMITS = {"content": CONTENT_MAX, "frame": protocol.FRAME_MAX, "sync": 500, "files": FILES_MAX}
heads_of = Loader(inbox.heads)
contacts_of = Loader(access.contacts)
"""Asked by many sockets at once, of all when everyone comes back: one call for all who wait."""


class ChatSocket(SeatedSocket):
    """One tab or client of one person."""

    decoder: ClassVar[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(Inbound)

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
            case MessageHide():
                await self._hide(command)
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

    async def _hello(self, hello: Hello) -> None:
        """Subscribes first and reads the heads after, so nothing can fall between."""
        if not self.user_id:
            self.shown = await in_thread(tokens.redeem_ticket, hello.ticket) if hello.ticket else None
            self.user_id = self.shown.user if self.shown else UserId("")
        if not self.user_id:
            self.close(protocol.SIGNED_OUT)
            return
        self.speak(hello.language)
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

    async def _send_message(self, command: MessageSend) -> None:
        pace.writing.take(self.user_id)
        place = await self._place(command.conversation_id)
        leads = command.reply_to or command.thread_id or command.attachments or "@" in command.content
        if not leads:
            draft = messages.draft(self.user_id, place.id, command.client_id, command.content)
        else:
            what = (command.client_id, command.content, command.reply_to, command.attachments, command.thread_id)
            draft = await in_thread(messages.draft, self.user_id, place.id, *what)
        if place.partner is not None and not await self._knows(place.partner, place.id):
            earlier = await in_thread(messages.may_send, draft, place.partner)
            if earlier is not None:
                self._settled(draft.client_id, earlier)
                return
        if place.waiting:
            await in_thread(requests.accept, self.user_id, place.id)
        messages.writer.append(draft, partial(hub.post, self._settled, draft.client_id))

    async def _knows(self, partner: UserId, here: ObjectId) -> bool:
        """Whether it is clear that this person may write to the other."""
        known = access.known_contact(self.user_id, partner)
        return await contacts_of.one((self.user_id, partner, here)) if known is None else known

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

    async def _hide(self, command: MessageHide) -> None:
        pace.writing.take(self.user_id)
        message = await in_thread(hiding.hide, self.user_id, command.message_id, command.on)
        self.event(
            Ack(
                op_id=str(command.op_id),
                message_id=str(message.id),
                conversation_id=str(message.conversation_id),
                seq=message.seq,
                created_at=iso(now()),
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

    async def _type(self, command: Typing) -> None:
        """Who asked to write here does not see the one they asked write before there is a yes."""
        place = await self._place(command.conversation_id)
        reach = typing.known(self.user_id)
        if reach is None:
            reach = await in_thread(typing.reach, self.user_id)
        if reach.shown and not place.waiting:
            seen = TypingSeen(conversation_id=command.conversation_id, user_id=self.user_id, on=command.on)
            publish(place.id, seen, fleeting=True, skip=[self.user_id, *reach.unseen])


def _behind(cursor: tuple[int, int], head: tuple[int, int]) -> bool:
    return head[0] > cursor[0] or head[1] > cursor[1]


def _hole(me: UserId, here: ObjectId, cursor: tuple[int, int], limit: int, html: bool) -> SyncBatch | SyncReset:
    return catchup.hole(here, cursor, limit, discretion.sight(me), html=html)
