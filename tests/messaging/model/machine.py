"""The state machine: one step is one deed of one person, done to the chat and to the reference, and compared."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from accounts.services import relationships
from messaging.services import conversations, members
from tests.messaging.model.reference import outcome
from tests.messaging.model.run import Command, Run, step

DEVICES = st.integers(0, 4)
PEOPLE = st.integers(0, 3)
ROOMS = st.sampled_from(["group", "private"])
WHICH = st.integers(0, 40)  # counted from the newest
TEXTS = st.sampled_from(["hello", "a  b\nc", "🪁", "", "x" * 200])
EMOJI = st.sampled_from(["🪁", "👍"])
FATES = st.sampled_from(["answered"] * 8 + ["cut after", "cut before"])
KINDS = st.sampled_from(["delivered", "read"])
CURSORS = st.sampled_from(["true", "true", "stale", "ahead", "none", "foreign"])


class Machine(Run):
    """What people do, in any order. The network may fail at each step, for one device or for all."""

    @initialize()
    def begin(self) -> None:
        self.open()
        for here in self.rooms.values():
            self.command(0, "answered", "message.send", conversation_id=here, content="first")

    def teardown(self) -> None:
        try:
            if self.rooms and self.stage.diverged is None:
                self.everyone_comes_back()
        finally:
            self.stage.end()

    # Commands over the socket

    @step(device=DEVICES, room=ROOMS, text=TEXTS, fate=FATES)
    def send(self, device: int, room: str, text: str, fate: str) -> None:
        self.command(device, fate, "message.send", conversation_id=self.rooms[room], content=text)

    @step(device=DEVICES, room=ROOMS, which=WHICH, fate=FATES)
    def reply(self, device: int, room: str, which: int, fate: str) -> None:
        here, answered = self.rooms[room], self.message(room, which)
        self.command(device, fate, "message.send", conversation_id=here, content="yes", reply_to=answered)

    @step(device=DEVICES, room=ROOMS, which=WHICH, fate=FATES)
    def reply_in_thread(self, device: int, room: str, which: int, fate: str) -> None:
        here, root = self.rooms[room], self.message(room, which)
        self.command(device, fate, "message.send", conversation_id=here, content="by the way", thread_id=root)

    @step(device=DEVICES, room=ROOMS, which=WHICH, text=TEXTS, fate=FATES)
    def edit(self, device: int, room: str, which: int, text: str, fate: str) -> None:
        self.command(device, fate, "message.edit", message_id=self.message(room, which), content=text)

    @step(device=DEVICES, room=ROOMS, which=WHICH, fate=FATES)
    def delete(self, device: int, room: str, which: int, fate: str) -> None:
        self.command(device, fate, "message.delete", message_id=self.message(room, which))

    @step(device=DEVICES, room=ROOMS, which=WHICH, emoji=EMOJI, on=st.booleans(), fate=FATES)
    def react(self, device: int, room: str, which: int, emoji: str, on: bool, fate: str) -> None:
        self.command(device, fate, "reaction.set", message_id=self.message(room, which), emoji=emoji, on=on)

    @step(device=DEVICES, room=ROOMS, which=WHICH, on=st.booleans(), fate=FATES)
    def pin(self, device: int, room: str, which: int, on: bool, fate: str) -> None:
        self.command(device, fate, "message.pin", message_id=self.message(room, which), on=on)

    @step(device=DEVICES, which=WHICH, other=st.fixed_dictionaries({}, optional={"content": TEXTS, "emoji": EMOJI}))
    def say_again(self, device: int, which: int, other: dict[str, str]) -> None:
        """An earlier command of this person once more, from any of their devices, also with other content under its
        id."""
        client = self.stage.devices[device]
        earlier = self.said[client.me]
        if earlier and client.ready:
            frame = earlier[-1 - which % len(earlier)]
            again = frame | {name: content for name, content in other.items() if name in frame}
            self.do([Command(client, again)])

    @step(room=ROOMS, devices=st.lists(DEVICES, min_size=2, max_size=6), which=WHICH)
    def all_at_once(self, room: str, devices: list[int], which: int) -> None:
        """Everyone sends and reacts without waiting for anyone."""
        here, message, commands = self.rooms[room], self.message(room, which), []
        for client in (self.stage.devices[one] for one in devices):
            if client.ready:
                send = {"type": "message.send", "client_id": self.key(), "conversation_id": here, "content": "at once"}
                react = {"type": "reaction.set", "op_id": self.key(), "message_id": message, "emoji": "🎈", "on": True}
                commands += [Command(client, send), Command(client, react)]
        self.do(commands)

    @step(
        device=DEVICES,
        room=ROOMS,
        kind=st.sampled_from(["delivered", "read"]),
        to=st.sampled_from(["seen", "old", "beyond"]),
    )
    def acknowledge(self, device: int, room: str, kind: str, to: str) -> None:
        """Receipts up to what this device has, up to what it had, and up to what cannot be. Who is in a block keeps
        silent: what they say then is no matter of the log."""
        client, here = self.stage.devices[device], self.rooms[room]
        if not client.ready or any(client.me in pair for pair in self.chat.blocks):
            return
        copy = client.copies.get(here)
        seq = {"seen": copy.seq if copy else 1, "old": 1, "beyond": len(self.chat.rooms[here].messages) + 7}[to]
        refusals = len(client.refusals)
        self.on_loop(client.tell, {"type": f"receipt.{kind}", "conversation_id": here, "seq": seq})
        moved = outcome(self.chat.receive, client.me, here, kind, seq)
        if moved == "not_found":
            self.stage.run(client.until(lambda: client.refusals[refusals:] == ["not_found"]))
        elif moved:
            seat = self.chat.rooms[here].seats[client.me]
            self.stage.await_receipt(client.me, here, seat.delivered, seat.read)
        elif to == "beyond":
            self.stage.let_receipts_pass(client)

    # Who is there, and who may reach whom

    @step(who=PEOPLE, name=st.sampled_from(["Kites", "Dragons", "Balloons"]))
    def rename(self, who: int, name: str) -> None:
        self.ask(conversations.rename, self.chat.rename, self.stage.people[who], self.rooms["group"], name)

    @step(who=PEOPLE, other=st.integers(0, 2))
    def add(self, who: int, other: int) -> None:
        here, me, them = self.rooms["group"], self.stage.people[who], self.stage.people[other]
        for device in self.devices_of(them):
            device.ended.discard(here)
        self.ask(lambda: members.add(me, here, [them]), lambda: self.chat.add(me, here, them))

    @step(who=PEOPLE, other=PEOPLE)
    def remove(self, who: int, other: int) -> None:
        if who != other:
            me, them = self.stage.people[who], self.stage.people[other]
            self.ask(members.remove, self.chat.remove, me, self.rooms["group"], them)

    @step(who=PEOPLE, room=ROOMS)
    def leave(self, who: int, room: str) -> None:
        """The last one stays: an empty group is closed for good."""
        if len(self.chat.rooms[self.rooms[room]].seats) > 1:
            self.ask(members.leave, self.chat.leave, self.stage.people[who], self.rooms[room])

    @step(who=PEOPLE, other=PEOPLE, role=st.sampled_from(["owner", "admin", "member"]))
    def set_role(self, who: int, other: int, role: str) -> None:
        if who != other:
            me, them = self.stage.people[who], self.stage.people[other]
            self.ask(members.set_role, self.chat.set_role, me, self.rooms["group"], them, role)

    @step(who=PEOPLE, other=PEOPLE, on=st.sampled_from([True, False, False]))
    def block(self, who: int, other: int, on: bool) -> None:
        if who != other:
            act, deed = (relationships.block, self.chat.block) if on else (relationships.unblock, self.chat.unblock)
            me, them = self.stage.people[who], self.stage.people[other]
            self.ask(lambda: act(me, them) and None, lambda: deed(me, them))

    # The network

    @step(device=DEVICES, network=st.sampled_from(["good", "lost", "late"]))
    def change_weather(self, device: int, network: str) -> None:
        self.weather(device, network)

    @step(device=DEVICES, writer=DEVICES, room=ROOMS)
    def overtake(self, device: int, writer: int, room: str) -> None:
        """A message and what happens to it come to a device in another order, as they may from two processes."""
        self.weather(device, "late")
        self.command(writer, "answered", "message.send", conversation_id=self.rooms[room], content="tee")
        newest = self.message(room, 0)
        self.command(writer, "answered", "reaction.set", message_id=newest, emoji="🎈", on=True)
        self.command(writer, "answered", "message.edit", message_id=newest, content="tea")
        self.weather(device, "good")

    @step(there=st.booleans())
    def layer(self, there: bool) -> None:
        self.stage.layer(there)

    @step(device=DEVICES)
    def cut(self, device: int) -> None:
        self.stage.run(self.stage.devices[device].cut())

    @step(device=DEVICES)
    def cut_while_greeting(self, device: int) -> None:
        """What waits to be sent is not on its way yet when the hello is cut off."""
        client = self.stage.devices[device]
        if not client.outbox:
            self.stage.run(client.cut())
            self.stage.run(client.connect())
            self.stage.run(client.cut())

    @step(device=DEVICES, cursors=CURSORS, epoch=st.sampled_from([None, None, None, "another"]))
    def reconnect(self, device: int, cursors: str, epoch: str | None) -> None:
        self.connect(device, cursors, epoch)

    # What must hold

    @step()
    def everyone_comes_back(self) -> None:
        """The network recovers, and all devices show what the reference says."""
        for device, client in enumerate(self.stage.devices):
            if not client.ready:
                self.connect(device)
        self.check()
