"""The one way into the log: a group-commit writer per process, with optimistic append.

What arrived while the last write was under way goes out as the next one. `seq` is taken by inserting at head + 1:
the unique index on (conversation_id, seq) lets one process win. A process that lost reads the head and appends in one
transaction, in which it sees what the winner's majority has yet to confirm: so two who write all the time take turns,
instead of one always coming too late. Nothing can be lost, doubled or left out:

- The insert is ordered and stops at the first refusal, so a message never overtakes an earlier one of the same sender.
- A head is only ever taken from what the majority holds (`heads`), or read in the transaction that appends to it: if a
  new primary takes back the one, then the other too.
- A refusal for (conversation_id, sender_id, client_id) means an earlier try was stored: its message is the answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from pymongo.errors import PyMongoError

from chatsite.errors import ChatError, Invalid, Unavailable
from chatsite.types import ObjectId, UserId
from messaging.documents import Message
from messaging.repositories import insertion, messages
from messaging.repositories.drafts import Appended, Draft
from messaging.repositories.heads import Heads

log = logging.getLogger(__name__)

BATCH_MAX = 500  # messages in one insert: mongod groups up to 500 into one storage transaction
STUCK_AFTER = 5.0  # seconds without a single message getting through
UNCERTAIN_MAX = 100_000  # sends remembered whose write did not confirm
CROWD, ENOUGH, GATHER = 4, 30, 0.004  # messages, messages, seconds
"""After a write of a CROWD the next one waits until it is worth it: a write costs about as much as ten messages."""
HEAR_WITHIN = 0.02  # seconds: between processes an announcement takes one to three milliseconds
CONFIRM_TRIES, CONFIRM_EVERY = 100, 0.01  # times, seconds

Outcome = Appended | ChatError
Done = Callable[[Outcome], None]


class Writer:
    """One background thread that appends. `announce` hears of each batch once its write holds, before the senders."""

    def __init__(self, announce: Callable[[list[Message]], None]) -> None:
        self._announce = announce
        self._waiting: deque[tuple[Draft, Done]] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._writing = False
        self.heads = Heads()
        self._uncertain: set[tuple[ObjectId, UserId, str]] = set()

    def append(self, draft: Draft, done: Done) -> None:
        """Queues the draft; `done` is called once, from the writer's thread, with where it stands or why not."""
        with self._wake:
            self._waiting.append((draft, done))
            self._rouse()

    def settle(self, timeout: float) -> None:
        """Waits until everything queued so far was answered. `timeout` is in seconds. Raises TimeoutError."""
        with self._wake:
            if not self._wake.wait_for(lambda: not self._waiting and not self._writing, timeout):
                raise TimeoutError("messages are still being stored")

    def append_and_wait(self, draft: Draft, timeout: float = 15.0) -> Appended:
        """The same for synchronous callers; `timeout` is in seconds. Raises the refusal, or Unavailable."""
        future: Future[Outcome] = Future()
        self.append(draft, future.set_result)
        return self._settled(future, timeout)

    def store(self, drafts: Sequence[Draft], timeout: float = 60.0) -> list[Appended]:
        """Appends up to BATCH_MAX drafts in order, all of one write, and waits. Raises as `append_and_wait`, and then
        none that follows a draft that could not be stored is stored either, as long as nobody else uses this writer."""
        futures = [Future[Outcome]() for _ in drafts]
        with self._wake:
            self._waiting.extend((draft, future.set_result) for draft, future in zip(drafts, futures, strict=True))
            self._rouse()
        return [self._settled(future, timeout) for future in futures]

    def heard(self, heads: Mapping[ObjectId, int]) -> None:
        """Another process's writer got so far."""
        for conversation_id, seq in heads.items():
            self.heads.heard(conversation_id, seq)
        with self._wake:
            self._wake.notify_all()

    def forget(self) -> None:
        """Ask the log itself for every head again: it may be another one now. While nothing is under way."""
        self.heads.clear()

    @staticmethod
    def _settled(future: Future[Outcome], timeout: float) -> Appended:
        try:
            outcome = future.result(timeout)
        except TimeoutError:
            raise Unavailable("The message could not be stored in time.", retry_after=1) from None
        if isinstance(outcome, ChatError):
            raise outcome
        return outcome

    def _rouse(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="log writer", daemon=True)
            self._thread.start()
        self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (batch := self._take()):
                    self._wake.wait(self._pause())
                self._writing = True
            self._commit(batch)
            with self._wake:
                self._writing = False
                self._wake.notify_all()
                if len(batch) >= CROWD:
                    self._wake.wait_for(lambda: len(self._waiting) >= ENOUGH, GATHER)

    def _take(self) -> list[tuple[Draft, Done]]:
        """The next batch: what waits, but not for conversations in which it is another process's turn."""
        batch: list[tuple[Draft, Done]] = []
        held: list[tuple[Draft, Done]] = []
        while self._waiting and len(batch) < BATCH_MAX:
            one = self._waiting.popleft()
            (held if self.heads.waits(one[0].conversation_id) else batch).append(one)
        self._waiting.extendleft(reversed(held))
        return batch

    def _pause(self) -> float | None:
        """Seconds until the first that waits may be taken; None where nothing waits."""
        return min((self.heads.waits(draft.conversation_id) for draft, _ in self._waiting), default=None)

    def _commit(self, batch: list[tuple[Draft, Done]]) -> None:
        """Stores what it can of the batch, announces it, and answers every sender once."""
        outcomes: dict[int, Outcome] = {}
        left = list(range(len(batch)))
        try:
            self._store(batch, left, outcomes)
        except Exception as error:
            left = [place for place in left if place not in outcomes]  # what was stored before the failure holds
            log.warning("%d messages could not be stored: %s", len(left), error, exc_info=not _expected(error))
            self._give_up([batch[place][0] for place in left])
            outcomes |= {place: Unavailable("The message could not be stored.", retry_after=1) for place in left}
        self._tell(batch, outcomes)

    def _store(self, batch: list[tuple[Draft, Done]], left: list[int], outcomes: dict[int, Outcome]) -> None:
        """Inserts until every draft has its outcome. Raises when nothing more gets through for STUCK_AFTER seconds."""
        progressed_at = time.monotonic()
        while left:
            rest = self._insert(batch, left, outcomes)
            if len(rest) < len(left):
                progressed_at = time.monotonic()
            elif time.monotonic() - progressed_at > STUCK_AFTER:
                raise PyMongoError("the log's head is not confirmed by the majority")
            left = rest

    def _insert(self, batch: list[tuple[Draft, Done]], left: list[int], outcomes: dict[int, Outcome]) -> list[int]:
        """One ordered insert of the drafts at places `left`; returns the places still to be stored."""
        heads = {batch[place][0].conversation_id: 0 for place in left}
        for conversation_id in heads:
            heads[conversation_id] = self.heads.of(conversation_id)
        laid: list[Message] = []
        for place in left:
            draft = batch[place][0]
            heads[draft.conversation_id] += 1
            laid.append(draft.at(heads[draft.conversation_id]))
        stored, refused_by = insertion.insert(laid)
        for place, message in zip(left, laid[:stored], strict=False):
            outcomes[place] = Appended(message, created=True)
            self.heads.appended(message.conversation_id, message.seq)
        if refused_by is None:
            return []
        return self._resolve(batch, left[stored:], outcomes, refused_by)

    def _resolve(
        self, batch: list[tuple[Draft, Done]], left: list[int], outcomes: dict[int, Outcome], refused_by: str
    ) -> list[int]:
        """The first of `left` was refused: another took its `seq`, an earlier try of it is stored already, or the
        validator does not take it. Only that one draft bears what is its own fault."""
        draft = batch[left[0]][0]
        if refused_by == "seq":
            return self._contend(batch, left, outcomes)
        self.heads.forget(draft.conversation_id)
        outcomes[left[0]] = self._fault(draft, refused_by)
        return left[1:]

    def _contend(self, batch: list[tuple[Draft, Done]], left: list[int], outcomes: dict[int, Outcome]) -> list[int]:
        """Appends what `left` has for the conversation of the first, all or nothing; returns what is still to store."""
        here = batch[left[0]][0].conversation_id
        places = [place for place in left if batch[place][0].conversation_id == here]
        laid, index, refused_by = insertion.append_after_head(here, [batch[place][0] for place in places])
        if refused_by == "seq":
            return left
        if refused_by is not None:
            at_fault = places[index]
            outcomes[at_fault] = self._fault(batch[at_fault][0], refused_by)
            return [place for place in left if place != at_fault]
        self._hear_out(here, laid[0].seq - 1)
        self.heads.appended(here, laid[-1].seq)
        outcomes |= {place: Appended(message, created=True) for place, message in zip(places, laid, strict=True)}
        return [place for place in left if place not in places]

    def _hear_out(self, here: ObjectId, seq: int) -> None:
        """Lets the winner's announcement come first, for a moment: sockets get the log in its order then."""
        with self._wake:
            self._wake.wait_for(lambda: self.heads.known(here) >= seq, HEAR_WITHIN)

    def _fault(self, draft: Draft, refused_by: str) -> Outcome:
        return self._earlier(draft) if refused_by == "client_id" else Invalid("This cannot be stored.")

    def _earlier(self, draft: Draft) -> Outcome:
        """What an earlier try stored. It may have come through another process this very moment: then the majority is
        about to hold it, and only what the majority holds may be answered."""
        for _ in range(CONFIRM_TRIES):
            earlier = messages.by_client_id(draft.conversation_id, draft.sender_id, draft.client_id)
            if earlier is not None:
                created = _key(draft) in self._uncertain
                self._uncertain.discard(_key(draft))
                return Appended(earlier, created)
            time.sleep(CONFIRM_EVERY)
        return Unavailable("The message is stored, but not yet confirmed.", retry_after=1)

    def _give_up(self, drafts: list[Draft]) -> None:
        """Their write may yet hold: what a repeat finds stored has not been announced, and then must be."""
        self.heads.clear()
        if len(self._uncertain) > UNCERTAIN_MAX:
            self._uncertain.clear()
        self._uncertain.update(_key(draft) for draft in drafts)

    def _tell(self, batch: list[tuple[Draft, Done]], outcomes: dict[int, Outcome]) -> None:
        fresh = [one.message for one in outcomes.values() if isinstance(one, Appended) and one.created]
        try:
            if fresh:
                self._announce(fresh)
        except Exception:
            log.exception("announcing %d messages failed; they are stored, clients will fetch them", len(fresh))
        for place, outcome in outcomes.items():
            try:
                batch[place][1](outcome)
            except Exception:
                log.exception("a sender could not be told")


def _key(draft: Draft) -> tuple[ObjectId, UserId, str]:
    return draft.conversation_id, draft.sender_id, draft.client_id


def _expected(error: Exception) -> bool:
    """A database that is away is no bug: one line in the log is enough."""
    return isinstance(error, PyMongoError)
