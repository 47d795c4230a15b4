"""Delivered and read: gathered per process for a moment, then written together, then told.

What a crash loses comes again: receipts are cumulative, so the client's next one says it too, and clients repeat their
last ones when they come back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connections
from django.utils.translation import gettext as _

from accounts import policy
from chatsite.clock import iso, now
from chatsite.errors import Invalid, NotFound
from chatsite.outages import outage
from chatsite.realtime import farewell
from chatsite.types import ObjectId, UserId
from messaging import access, broadcasts, signals
from messaging.documents import Conversation
from messaging.protocol import ReceiptUpdated
from messaging.repositories import conversations, messages, receipts
from messaging.repositories.names import Kind
from messaging.repositories.receipts import Discretion, Marks, Moved
from messaging.services import discretion, inbox

log = logging.getLogger(__name__)
GATHER = 0.25  # seconds
PAUSE = 1.0  # seconds until what could not be written is tried again
Times = dict[str, datetime | None]
"""When each person got something; None where that is not kept."""


def mark(me: UserId, conversation_id: ObjectId | str, kind: Kind, seq: int) -> None:
    """Everything up to `seq` was delivered to, or read by, this person; reading is delivery too. Waits for the write.

    Raises NotFound, and Invalid for less than nothing. A `seq` beyond the head counts as the head.
    """
    if seq < 0:
        raise Invalid(_("Messages are counted from 1."), fields={"seq": [_("At least 0.")]})
    marks: Marks = {(access.conversation(me, conversation_id).conversation.id, me, kind): seq}
    while marks:
        marks = _write(marks)


def mark_all(me: UserId) -> None:
    """All that others wrote in this person's conversations was read, up to where each log reaches now. What waits among
    the message requests stays as it is: reading there would say yes. Waits for the write."""
    marks: Marks = {
        (one.conversation.id, me, "read"): one.conversation.last_seq for one in inbox.rows(me) if one.unread
    }
    while marks:
        marks = _write(marks)


def note(me: UserId, conversation_id: ObjectId, kind: Kind, seq: int) -> None:
    """As `mark`, for someone whose seat was checked, without waiting: written with the process's next flush."""
    gatherer.add({(conversation_id, me, kind): seq})


def of_message(me: UserId, conversation_id: ObjectId | str, seq: int) -> tuple[Times, Times]:
    """To whom the message at `seq` was delivered, and who read it, as far as this person may know. Raises NotFound.

    The times stand in the message. Large conversations keep only cursors: who has passed it there counts, without a
    time.
    """
    here = access.conversation(me, conversation_id).conversation.id
    found = messages.one(here, seq)
    if found is None:
        raise NotFound(_("There is no such message."))
    seen = discretion.sight(me)
    if not seen.receipts:
        return {}, {}
    (message,) = seen.messages([found])
    silent = policy.blockers_of([UserId(message.sender_id)])[UserId(message.sender_id)]
    seats = seen.seats(
        one
        for one in conversations.seats(here)
        if one.user_id != message.sender_id and one.user_id not in silent and one.joined_seq < seq
    )
    delivered: Times = {one.user_id: None for one in seats if discretion.shown(one)[0] >= seq}
    read: Times = {one.user_id: None for one in seats if discretion.shown(one)[1] >= seq}
    delivered |= {one.user_id: one.timestamp for one in message.delivered_to}
    return delivered, read | {one.user_id: one.timestamp for one in message.read_by}


def _write(marks: Marks) -> Marks:
    """One bounded step: writes and tells it. Returns what is left for another."""
    at, reserve = now(), discretion.of({user for _here, user, _kind in marks})
    step = receipts.advance(marks, reserve, at)
    _tell(step.moved, reserve, iso(at))
    for one in step.moved:
        if one.kind == "read":
            signals.conversation_read.send_robust(
                sender=Conversation, conversation_id=one.conversation_id, user_id=one.user_id, seq=one.seq
            )
    return step.rest


def _tell(moved: Iterable[Moved], reserve: Discretion, at: str) -> None:
    """Those who moved in the open to their conversations, a frame for all; those in private mode to themselves."""
    open_: defaultdict[tuple[ObjectId, frozenset[UserId]], list[ReceiptUpdated]] = defaultdict(list)
    private: defaultdict[UserId, list[ReceiptUpdated]] = defaultdict(list)
    for one in moved:
        event = ReceiptUpdated(
            conversation_id=str(one.conversation_id), user_id=one.user_id, kind=one.kind, seq=one.seq, at=at
        )
        if one.private:
            private[one.user_id].append(event)
        else:
            open_[one.conversation_id, frozenset(reserve.blocks.get(one.user_id, ()))].append(event)
    broadcasts.receipts_moved(open_, private)


class Gatherer:
    """Collects marks for up to GATHER seconds; the highest per person, kind and conversation is what counts."""

    def __init__(self) -> None:
        self._waiting: Marks = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, marks: Marks) -> None:
        with self._wake:
            for mark, seq in marks.items():
                self._waiting[mark] = max(seq, self._waiting.get(mark, 0))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
                self._thread.start()
            self._wake.notify()

    def flush(self, timeout: float = 0.0) -> None:
        """Writes what was gathered, now, in as many steps as fit into `timeout` seconds and at least one."""
        deadline = time.monotonic() + timeout
        while not self._step() and time.monotonic() < deadline:
            pass

    def _step(self) -> bool:
        """True when nothing is left. What a step leaves waits for the next, behind what comes meanwhile."""
        with self._wake:
            gathered, self._waiting = self._waiting, {}
        rest = _settle(gathered) if gathered else {}
        with self._wake:
            for mark, seq in rest.items():
                self._waiting[mark] = max(seq, self._waiting.get(mark, 0))
            return not self._waiting

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting:
                    self._wake.wait()
            time.sleep(GATHER)
            try:
                self._step()
            finally:
                connections.close_all()  # a thread of ours gets no request_finished to do so


def _settle(marks: Marks) -> Marks:
    """Writes the marks, whatever happens; returns those to try again. One conversation that cannot be written takes no
    other along."""
    try:
        return _write(marks)
    except Exception as error:
        if outage(error) is not None:
            time.sleep(PAUSE)
            return marks
        by_conversation: defaultdict[ObjectId, Marks] = defaultdict(dict)
        for mark, seq in marks.items():
            by_conversation[mark[0]][mark] = seq
        if len(by_conversation) > 1:
            return {mark: seq for each in by_conversation.values() for mark, seq in _settle(each).items()}
        log.exception("receipts of %s were not written", next(iter(by_conversation)))
        return {}


gatherer = Gatherer()
farewell.before_leaving(gatherer.flush)
