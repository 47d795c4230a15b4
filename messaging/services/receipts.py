"""Delivered and read: gathered per process for a moment, then written together, then told."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from chatsite.clock import iso, now
from chatsite.errors import NotFound
from chatsite.realtime import farewell
from chatsite.types import ObjectId, UserId
from messaging import access, broadcasts, signals
from messaging.documents import Conversation
from messaging.protocol import ReceiptUpdated
from messaging.repositories import conversations, messages, receipts
from messaging.repositories.receipts import Kind, Mark, Moved

log = logging.getLogger(__name__)
GATHER = 0.25  # seconds
Marks = dict[Mark, int]
Times = dict[str, datetime | None]
"""When each person got something; None where that is not kept."""


def mark(me: UserId, conversation_id: ObjectId | str, kind: Kind, seq: int) -> None:
    """Everything up to `seq` was delivered to, or read by, this person; reading is delivery too. Waits for the write.

    Raises NotFound. A `seq` beyond the head counts as the head.
    """
    seat = access.conversation(me, conversation_id)
    _write(seat.conversation.id, _marks(me, kind, seq))


def note(me: UserId, conversation_id: ObjectId, kind: Kind, seq: int) -> None:
    """As `mark`, for someone whose seat was checked, without waiting: written with the process's next flush."""
    gatherer.add(conversation_id, _marks(me, kind, seq))


def of_message(me: UserId, conversation_id: ObjectId | str, seq: int) -> tuple[Times, Times]:
    """To whom the message at `seq` was delivered, and who read it. Raises NotFound.

    The times stand in the message. Large conversations keep only cursors: who has passed it there counts, without a
    time.
    """
    here = access.conversation(me, conversation_id).conversation.id
    message = messages.one(here, seq)
    if message is None:
        raise NotFound(_("There is no such message."))
    others = [one for one in conversations.seats(here) if one.user_id != message.sender_id and one.joined_seq < seq]
    delivered: Times = {one.user_id: None for one in others if one.delivered_seq >= seq}
    read: Times = {one.user_id: None for one in others if one.read_seq >= seq}
    delivered |= {one.user_id: one.timestamp for one in message.delivered_to}
    return delivered, read | {one.user_id: one.timestamp for one in message.read_by}


def _marks(me: UserId, kind: Kind, seq: int) -> Marks:
    return {(me, "delivered"): seq} if kind == "delivered" else {(me, "delivered"): seq, (me, "read"): seq}


def _write(conversation_id: ObjectId, marks: Marks) -> None:
    at = now()
    moved = receipts.advance(conversation_id, messages.head(conversation_id), marks, at)
    broadcasts.receipts_moved([_event(conversation_id, one, iso(at)) for one in moved])
    for one in moved:
        if one.kind == "read":
            signals.conversation_read.send_robust(
                sender=Conversation, conversation_id=conversation_id, user_id=one.user_id, seq=one.seq
            )


def _event(conversation_id: ObjectId, moved: Moved, at: str) -> ReceiptUpdated:
    return ReceiptUpdated(
        conversation_id=str(conversation_id), user_id=moved.user_id, kind=moved.kind, seq=moved.seq, at=at
    )


class Gatherer:
    """Collects marks for up to GATHER seconds; the highest per person, kind and conversation is what counts."""

    def __init__(self) -> None:
        self._waiting: defaultdict[ObjectId, Marks] = defaultdict(dict)
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, conversation_id: ObjectId, marks: Marks) -> None:
        with self._wake:
            waiting = self._waiting[conversation_id]
            for mark, seq in marks.items():
                waiting[mark] = max(seq, waiting.get(mark, 0))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
                self._thread.start()
            self._wake.notify()

    def flush(self, _timeout: float = 0.0) -> None:
        """Writes what was gathered, now."""
        with self._wake:
            gathered, self._waiting = self._waiting, defaultdict(dict)
        for conversation_id, marks in gathered.items():
            try:
                _write(conversation_id, marks)
            except Exception as error:
                # cursors are cumulative: what is lost here comes again with the client's next receipt
                log.warning("receipts of %s were not written: %s", conversation_id, error)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
            time.sleep(GATHER)
            self.flush()


gatherer = Gatherer()
farewell.before_leaving(gatherer.flush)
