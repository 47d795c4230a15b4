"""What a run of the model acts on: four people and five devices, a group and a private conversation, the real chat."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import hypothesis
import pytest
from hypothesis.errors import Flaky, FlakyStrategyDefinition
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from accounts.models import Relationship, User
from chatsite import mongo
from chatsite.errors import ChatError
from chatsite.memory import MOMENT, Memory
from chatsite.realtime.hub import hub
from chatsite.realtime.work import in_thread
from chatsite.types import ObjectId, UserId
from messaging.consumers import chat
from messaging.repositories import changes, conversations, messages
from messaging.repositories.projector import projector
from messaging.services import catchup, receipts
from messaging.services.messages import writer
from tests.cast import person
from tests.messaging.model.client import Client
from tests.messaging.model.wire import Api, Loop, hub_is_quiet

T = TypeVar("T")
STORED_WITHIN = 20.0  # seconds


class Stage:
    """`people` in the order ada, ben, cleo, eve; eve sits nowhere. ada has two devices, the others have one."""

    def __init__(self, loop: Loop, people: list[User]) -> None:
        self._loop = loop
        self.apis = [Api(one) for one in people]
        self.people = [one.user_id for one in self.apis]
        self.devices: list[Client] = []
        self.layer_is_there = True
        self.steps = 0
        self.diverged: Exception | None = None
        self.places: dict[str, tuple[str, int]] = {}
        self._ids: dict[tuple[str, int], str] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run(work)

    def begin(self) -> None:
        self.devices = [Client(api) for api in [self.apis[0], *self.apis]]

    def end(self) -> None:
        """Empties the stores for the next run."""
        self.layer(True)
        for one in self.devices:
            self.run(one.cut())
        self.settle_writes()
        projector.flush()
        for collection in mongo.database().list_collection_names():
            if collection != "epochs":
                mongo.database()[collection].delete_many({})
        Relationship.objects.all().delete()
        self._ids.clear()
        self.places.clear()

    def ask(self, call: Callable[..., T], *args: Any) -> T | str:
        """What this service answers, or the code of its refusal."""
        try:
            return self.run(in_thread(call, *args))
        except ChatError as refusal:
            return refusal.code

    def layer(self, there: bool) -> None:
        """With the layer away nothing that is published arrives anywhere, neither events nor orders to sockets."""
        if not there:
            vars(hub)["_deliver"] = lambda publication: None
        elif vars(hub).pop("_deliver", None):
            for one in self.devices:
                one.network.missed.update(one.copies)
        self.layer_is_there = there

    def settle_writes(self) -> None:
        """Waits until all that was sent is stored, and all that was published has arrived."""
        writer.settle(STORED_WITHIN)
        self.run(hub_is_quiet())

    def message_id(self, here: str, seq: int) -> str:
        if (here, seq) not in self._ids:
            found = messages.one(ObjectId(here), seq)
            assert found is not None, f"the log has no message {seq}"
            self._ids[here, seq] = str(found.id)
            self.places[str(found.id)] = here, seq
        return self._ids[here, seq]

    def await_receipt(self, who: str, here: str, delivered: int, read: int) -> None:
        """Receipts are answered with nothing, and written a moment later."""
        deadline = time.monotonic() + STORED_WITHIN
        while (seat := conversations.seat(ObjectId(here), UserId(who))) is not None:
            if (seat.delivered_seq, seat.read_seq) == (delivered, read):
                self.run(hub_is_quiet())
                return
            assert time.monotonic() < deadline, f"{seat} where {delivered}, {read} was acknowledged"
            time.sleep(0.002)

    def let_receipts_pass(self, client: Client) -> None:
        """A receipt beyond the head is one up to the head there is when it is written: not one of later."""
        self.run(client.settle())
        receipts.gatherer.flush()
        time.sleep(4 * receipts.GATHER)  # what its own thread had begun

    def log(self, here: str) -> tuple[list[int], list[str], list[int], list[str]]:
        """The two logs as they are stored: seqs, texts, revs, kinds."""
        said, done = messages.after(ObjectId(here), 0, 1000), changes.after(ObjectId(here), 0, 1000)
        return (
            [one.seq for one in said],
            [one.content for one in said],
            [one.rev for one in done],
            [one.kind for one in done],
        )

    def api_of(self, who: str) -> Api:
        return self.apis[self.people.index(who)]

    def play(self, machine: Callable[[Stage], RuleBasedStateMachine], how: hypothesis.settings) -> None:
        """Runs the machine as often as `how` says. Raises the first divergence."""
        try:
            run_state_machine_as_test(lambda: machine(self), settings=hypothesis.settings(how, **PROFILE))
        except (Flaky, FlakyStrategyDefinition) as flaky:
            raise (self.diverged or flaky) from flaky


PROFILE: dict[str, Any] = {
    "phases": [hypothesis.Phase.generate],  # to shrink what two threads do when they meet leads nowhere
    "deadline": None,
    "database": None,
    "suppress_health_check": list(hypothesis.HealthCheck),
    "report_multiple_bugs": False,
}


@pytest.fixture
def stage(
    transactional_db: None, clean_mongo: None, password_hash: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """Without limits of pace, with small pages, and with times that need no waiting."""
    settings.CHAT_RATE_LIMITS = False
    for one in Memory.made:
        if one.seconds == MOMENT:
            monkeypatch.setattr(one, "seconds", 0.0)
    monkeypatch.setattr(chat, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(receipts, "GATHER", 0.005)
    monkeypatch.setattr(catchup, "SYNC_PAGE", 4)
    monkeypatch.setattr(catchup, "SYNC_MAX", 20)
    people = [person(name, password_hash) for name in ("ada", "ben", "cleo", "eve")]
    with Loop().running() as loop:
        yield Stage(loop, people)
