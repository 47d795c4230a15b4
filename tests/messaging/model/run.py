"""One run of the model: how a deed is done to the chat and to the reference, and what must then be equal."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine, rule

from messaging.services import conversations, requests
from tests.messaging.model import comparison
from tests.messaging.model.client import Client, Frame
from tests.messaging.model.reference import Chat, outcome
from tests.messaging.model.room import Ack, Room
from tests.messaging.model.stage import Stage

NOWHERE = "0" * 24  # the id of no conversation


@dataclass(frozen=True)
class Command:
    """What a device says."""

    client: Client
    frame: Frame

    @property
    def key(self) -> str:
        return str(self.frame.get("client_id") or self.frame["op_id"])

    @property
    def answer(self) -> Frame:
        return self.client.answers[self.key]


def step(**arguments: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule of the machine that is counted and written down. What fails may not fail when it is tried again, as two
    threads may meet otherwise: then what was written down is all there is."""

    def decorate(deed: Callable[..., None]) -> Any:
        @wraps(deed)
        def counted(run: Run, **given: Any) -> None:
            run.steps.append(f"{deed.__name__}({', '.join(f'{name}={value!r}' for name, value in given.items())})")
            run.stage.steps += 1
            try:
                deed(run, **given)
            except Exception as error:
                error.add_note("\n".join(["After these steps:", *run.steps]))
                run.stage.diverged = run.stage.diverged or error
                raise

        return rule(**arguments)(counted)

    return decorate


class Run(RuleBasedStateMachine):
    """`waiting` holds, for each device, what it could not send or was not answered: it goes with the next socket."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage, self.chat = stage, Chat()
        self.rooms: dict[str, str] = {}
        self.waiting: dict[int, list[Command]] = {}
        self.said: dict[str, list[Frame]] = {one: [] for one in stage.people}
        self.steps: list[str] = []
        self._numbers = itertools.count(1)

    def open(self) -> None:
        """ada founds a group with ben and cleo and talks with ben; all devices connect."""
        self.stage.begin()
        ada, ben, cleo, _eve = self.stage.people
        group = conversations.create_group(ada, "Kites", [ben, cleo])
        private, _created = conversations.start_private(ada, ben)
        requests.accept(ben, private.id)
        self.rooms = {"group": str(group.id), "private": str(private.id)}
        self.chat.found_group(self.rooms["group"], ada, "Kites", [ben, cleo])
        self.chat.open_private(self.rooms["private"], [ada, ben])
        for device in range(len(self.stage.devices)):
            self.connect(device)

    # Commands

    def command(self, device: int, fate: str, type: str, **fields: Any) -> None:
        """Where it is "cut after" the command arrives and its answer does not, "cut before" it does not either. Both
        are sent again when the device is back."""
        client = self.stage.devices[device]
        frame = {"type": type, "client_id" if type == "message.send" else "op_id": self.key(), **fields}
        command = Command(client, frame)
        self.said[client.me].append(frame)
        if client.ready and fate == "answered":
            self.do([command])
            return
        arrives = client.ready and fate == "cut after"
        self.stage.run(client.send_and_lose(command.key, frame, arrives=arrives))
        self.stage.settle_writes()
        if arrives:
            self._expected(command)
        self.waiting.setdefault(device, []).append(command)

    def do(self, commands: list[Command]) -> None:
        """Sends all of them without waiting. The answers say in which order it happened; the reference follows."""
        for one in commands:
            self.on_loop(one.client.send, one.key, one.frame)
        self._follow(sorted(self._answered(commands), key=_order))

    def _answered(self, commands: list[Command]) -> list[Command]:
        for one in commands:
            self.stage.run(one.client.until(partial(one.client.answers.__contains__, one.key)))
        return commands

    def _follow(self, commands: list[Command]) -> None:
        for one in commands:
            expected = self._expected(one)
            if isinstance(expected, Ack):
                answer = Ack(one.answer["seq"], one.answer.get("rev")) if one.answer["type"] == "ack" else one.answer
            else:
                answer = one.answer.get("code", one.answer)
            assert answer == expected, one.frame

    def _expected(self, command: Command) -> Ack | str:
        """Does the same to the reference."""
        who, frame, chat = command.client.me, command.frame, self.chat
        if frame["type"] == "message.send":
            leads = (frame.get(name, "") for name in ("reply_to", "thread_id"))
            where = (self.stage.places.get(one, ("", None))[1] for one in leads)
            return outcome(chat.send, who, frame["conversation_id"], command.key, frame["content"], *where)
        where = (who, *self.stage.places[frame["message_id"]], command.key)
        match frame["type"]:
            case "message.edit":
                return outcome(chat.edit, *where, frame["content"])
            case "message.delete":
                return outcome(chat.delete, *where)
            case "reaction.set":
                return outcome(chat.react, *where, frame["emoji"], frame["on"])
            case other:
                assert other == "message.pin"
                return outcome(chat.pin, *where, frame["on"])

    def ask(self, service: Callable[..., Any], deed: Callable[..., Any], *args: Any) -> None:
        """For what is no command of the socket: the service and the reference take the same."""
        expected, answer = outcome(deed, *args), self.stage.ask(service, *args)
        refused = answer if isinstance(answer, str) else None
        assert refused == expected, f"{refused} where {expected} was expected"
        self.stage.settle_writes()
        if not self.stage.layer_is_there:  # who did not hear that they are in or out finds out with the heartbeat
            self.heartbeats()
        self.rights_ended()

    # The network

    def connect(self, device: int, cursors: str = "true", epoch: str | None = None) -> None:
        """A new socket. Says hello with cursors that are true or not; what waited is answered as the reference says."""
        client = self.stage.devices[device]
        self.stage.run(client.cut())
        self.rights_ended()
        self.stage.run(client.connect(_claimed(client, cursors), epoch))
        self.stage.run(client.until(lambda: client.ready))
        self._follow(self._answered(self.waiting.pop(device, [])))

    def weather(self, device: int, network: str) -> None:
        self.on_loop(self.stage.devices[device].network.change, network)

    def heartbeats(self) -> None:
        async def together() -> None:
            await asyncio.gather(*(one.settle() for one in self.stage.devices if one.ready))

        self.stage.run(together())

    def rights_ended(self) -> None:
        """From here on a device must hear nothing of what is not its person's any more."""
        for client in self.stage.devices:
            client.ended = self.chat.rooms.keys() - self.chat.rooms_of(client.me).keys()

    def on_loop(self, call: Callable[..., Any], *args: Any) -> None:
        async def now() -> None:
            call(*args)

        self.stage.run(now())

    # What must hold

    def check(self) -> None:
        """When all is quiet: the logs, what everyone would fetch and what every device shows are the reference."""
        for device in range(len(self.stage.devices)):
            self.weather(device, "good")
        self.stage.settle_writes()
        self.stage.layer(True)
        self.heartbeats()
        self.rights_ended()
        for here, room in self.chat.rooms.items():
            log, wanted = self.stage.log(here), comparison.log(room)
            assert log == wanted, f"found and wanted: {log}, {wanted}"
            for who in room.seats:
                if self.chat.has(who, room):
                    self._check_fetch(who, here, room)
        for client in self.stage.devices:
            assert not client.ready or client.copies.keys() == self.chat.rooms_of(client.me).keys()

    def _check_fetch(self, who: str, here: str, room: Room) -> None:
        page, conversation, members = self.stage.run(self.stage.api_of(who).shown(here))
        ids = [self.stage.message_id(here, one.seq) for one in room.messages]
        comparison.same(comparison.fetched(page, conversation, members), comparison.expected(room, who, ids))
        for client in self.devices_of(who):
            if client.ready:
                self._check_device(client, here, comparison.visible(room, who, ids), page)

    def _check_device(self, client: Client, here: str, wanted: Frame, page: Frame) -> None:
        copy = client.copies[here]
        self.stage.run(client.await_receipts(lambda: comparison.shown(copy, client.me) == wanted))
        comparison.same(comparison.shown(copy, client.me), wanted)
        assert comparison.bare(copy.messages.values()) == comparison.bare(page["results"]), copy.messages

    # Words

    def devices_of(self, who: str) -> list[Client]:
        return [one for one in self.stage.devices if one.me == who]

    def key(self) -> str:
        return str(UUID(int=next(self._numbers)))

    def message(self, room: str, which: int) -> str:
        """The id of a message, counted from the newest."""
        here = self.rooms[room]
        count = len(self.chat.rooms[here].messages)
        return self.stage.message_id(here, count - which % count)


def _claimed(client: Client, cursors: str) -> dict[str, list[int]]:
    true = client.cursors
    match cursors:
        case "stale":
            return {here: [max(seq - 4, 0), max(rev - 2, 0)] for here, (seq, rev) in true.items()}
        case "ahead":
            return {here: [seq + 9, rev] for here, (seq, rev) in true.items()}
        case "none":
            return {}
        case "foreign":
            return true | {NOWHERE: [1, 1]}
    return true


def _order(command: Command) -> tuple[int, int]:
    """Sends by seq, changes by rev: one log does not depend on the other here. Refusals come last."""
    answer = command.answer
    return (2, 0) if answer["type"] == "error" else (1, answer["rev"]) if "rev" in answer else (0, answer["seq"])
