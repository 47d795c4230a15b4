"""The chat's socket: each command of PROTOCOL.md, carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar, assert_never

import msgspec

from accounts.services import tokens
from chatsite.clock import iso
from chatsite.errors import ChatError, Forbidden, NotFound
from chatsite.postgres import absence
from chatsite.realtime import auth, protocol
from chatsite.realtime.hub import conversation_topic, hub, publish, user_topic
from chatsite.realtime.protocol import Command, Event, Hello, Ping, Pong, Ready, encode
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
    SyncReset,
    Typing,
    TypingSeen,
)
from messaging.repositories import epochs
from messaging.repositories.writer import Outcome
from messaging.services import amendments, attendance, catchup, inbox, messages, pace, receipts
from messaging.services.amendments import Amended
from messaging.services.attendance import Place

LIMITS = {"content": CONTENT_MAX, "frame": protocol.FRAME_MAX, "sync": 500}
LOGOUT_TAKES = 0.5  # seconds until an ended session is gone from its store


class ChatSocket(Socket):
    """One tab or client of one person."""

    decoder: ClassVar[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(Inbound)

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.ready = False
        self.shown: tokens.Pass | None = None
        self._moves = 0

    async def identify(self, token: str) -> UserId | None:
        try:
            self.shown = await in_thread(tokens.verify_access, token)
        except ChatError:
            return None
        return self.shown.user

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
                receipts.note(self.user_id, self._place(command.conversation_id).id, "delivered", command.seq)
            case ReceiptRead():
                receipts.note(self.user_id, self._place(command.conversation_id).id, "read", command.seq)
            case Typing():
                place = self._place(command.conversation_id)
                await self._check_contact(place)
                seen = TypingSeen(conversation_id=command.conversation_id, user_id=self.user_id, on=command.on)
                publish(place.id, seen, fleeting=True, skip=self.user_id)
            case Sync():
                here, cursor = self._place(command.conversation_id).id, (command.after_seq, command.after_rev)
                self.event(await in_thread(catchup.hole, here, cursor, command.limit, html=self.html))
            case Ping():
                await self._ping(command)
            case _:
                assert_never(command)  # type: ignore[arg-type]

    async def closing(self) -> None:
        hub.leave(user_topic(self.user_id), self)
        for place in self.places.values():
            hub.leave(conversation_topic(place.id), self)
        if self.ready:
            await in_thread(attendance.depart, self.user_id)

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
        if "recheck" in order:
            hub.soon(self._recheck(LOGOUT_TAKES))

    async def _joined(self, conversation_id: str, known: tuple[int, int]) -> None:
        """What was said between being taken in and listening there would be missed until the next heartbeat."""
        await hub.subscribed()
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
        epoch = await in_thread(epochs.current)
        await self._take_places()
        await hub.subscribed()
        if not self.ready:
            company = await in_thread(attendance.arrive, self.user_id)
        else:
            company = []
        self.ready = True
        self.event(Ready(user_id=self.user_id, epoch=epoch, ping_ms=protocol.PING_INTERVAL, limits=LIMITS))
        if company:
            self.push(_array(company), fleeting=True)
        if hello.epoch not in (None, epoch):
            self.event(SyncReset(conversation_id=None, reason="epoch"))
        elif hello.cursors:
            await self._catch_up(hello.cursors)

    async def _catch_up(self, cursors: protocol.Cursors) -> None:
        for gone in cursors.keys() - self.places.keys():
            self.event(ConversationRemoved(conversation_id=gone, reason="not_found"))
        known = {self.places[one].id: cursor for one, cursor in cursors.items() if one in self.places}
        if known:
            for answer in await in_thread(_all, known, self.html):
                self.event(answer)

    async def _send_message(self, command: MessageSend) -> None:
        place = self._place(command.conversation_id)
        pace.writing.take(self.user_id)
        await self._check_contact(place)
        if command.reply_to is None:
            draft = messages.draft(self.user_id, place.id, command.client_id, command.content)
        else:
            draft = await in_thread(
                messages.draft, self.user_id, place.id, command.client_id, command.content, command.reply_to
            )
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
        """The heartbeat also finds out whether the person may still be here, should an order have been lost."""
        await self._recheck()
        await self._take_places()
        heads = await in_thread(inbox.heads, [place.id for place in self.places.values()]) if ping.cursors else {}
        ahead = {str(here): head for here, head in heads.items() if _behind(ping.cursors.get(str(here), (0, 0)), head)}
        self.event(Pong(heads=ahead))

    async def _recheck(self, after: float = 0.0) -> None:
        """Closes the socket when the session ended or the account was closed."""
        await asyncio.sleep(after)
        if not await in_thread(absence.or_known, self._still_signed_in, True):
            self.close(protocol.SIGNED_OUT)

    def _still_signed_in(self) -> bool:
        if self.session is not None:
            return auth.session_user(self.session) == self.user_id
        return self.shown is not None and tokens.stands(self.shown)

    async def _take_places(self) -> None:
        """Reads the person's conversations again: joins the new ones, leaves those that are no longer theirs."""
        moves = None
        while moves != self._moves:  # who was taken in or out meanwhile must not be undone by what was read before
            moves = self._moves
            now = await in_thread(attendance.places, self.user_id)
        if self.closed:
            return
        for gone in self.places.keys() - now.keys():
            hub.leave(conversation_topic(self.places[gone].id), self)
        for fresh in now.keys() - self.places.keys():
            hub.join(conversation_topic(now[fresh].id), self)
        self.places = now

    async def _check_contact(self, place: Place) -> None:
        if place.partner is not None and not access.known_contact(self.user_id, place.partner):
            await in_thread(access.check_contact, self.user_id, place.partner)

    def _place(self, conversation_id: str) -> Place:
        try:
            return self.places[conversation_id]
        except KeyError:
            raise NotFound("There is no such conversation.") from None


def _behind(cursor: tuple[int, int], head: tuple[int, int]) -> bool:
    return head[0] > cursor[0] or head[1] > cursor[1]


def _array(events: Iterable[Event]) -> str:
    return "[" + ",".join(encode(one) for one in events) + "]"


def _all(cursors: dict[ObjectId, tuple[int, int]], html: bool) -> list[Event]:
    return list(catchup.missed(cursors, html=html))
