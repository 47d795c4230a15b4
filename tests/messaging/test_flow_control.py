"""Flow control: who acknowledges gets everything; who does not is stopped, and told to start over when they do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async

from accounts.services import tokens
from chatsite.realtime.window import BYTES_MAX, EVENTS_MAX
from chatsite.types import UserId
from messaging.documents import CONTENT_MAX, Conversation
from messaging.services import conversations, messages
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Scene:
    """ada writes from elsewhere as fast as she likes; ben listens on a site that has its limits in force. cleo hears
    only what ada says to her."""

    writer: UserId
    writer_token: str
    here: Conversation
    aside: Conversation
    ben: Client
    cleo: Client
    url: str
    token: str

    @property
    def id(self) -> str:
        return str(self.here.id)

    async def write(self, count: int, content: str = "hello") -> None:
        """So many messages, which the site has handed to ben or withheld when it returns: what reaches it later than
        his next acknowledgement would not be withheld. It is told in order, so what cleo hears next comes after them.
        """
        await sync_to_async(self._write)(count, content)
        last = await sync_to_async(messages.send)(self.writer, self.aside.id, uuid4(), "so far")
        await self.cleo.until(lambda: self.cleo.find("message.created", seq=last.message.seq), patience=PATIENCE)

    async def settle(self) -> None:
        """Waits until ben has what is on its way: the answer to what he asks comes behind it."""
        asked = len(self.ben.all("sync.batch"))
        await self.ben.send("sync", conversation_id=self.id, after_seq=0, after_rev=0, limit=1)
        await self.ben.until(lambda: len(self.ben.all("sync.batch")) == asked + 1)

    async def acknowledge(self) -> None:
        await self.ben.send("receipt.delivered", conversation_id=self.id, seq=self.seqs[-1])

    @property
    def seqs(self) -> list[int]:
        """Of the messages that came by themselves."""
        return [one["seq"] for one in self.ben.all("message.created")]

    def _write(self, count: int, content: str) -> None:
        stored = []
        for _ in range(count):
            messages.writer.append(messages.draft(self.writer, self.here.id, uuid4(), content), stored.append)
        messages.writer.settle(PATIENCE)
        assert len(stored) == count


@pytest_asyncio.fixture
async def scene(limited_stack: LiveStack, transactional_db: None) -> AsyncIterator[Scene]:
    url = limited_stack.socket_url
    ada, ben, cleo = [await sync_to_async(limited_stack.person)(name) for name in ("ada", "ben", "cleo")]
    here, aside = [
        await sync_to_async(conversations.create_group)(ada.chat_id, name, [other.chat_id])
        for name, other in (("Kites", ben), ("Aside", cleo))
    ]
    writing, token, third = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben, cleo)]
    async with signed_in(url, token) as client, signed_in(url, third) as witness:
        yield Scene(ada.chat_id, writing, here, aside, client, witness, url, token)


async def test_who_acknowledges_gets_everything(scene: Scene) -> None:
    for upto in range(200, 3 * EVENTS_MAX, 200):
        await scene.write(200)
        await scene.ben.until(lambda seq=upto: scene.ben.find("message.created", seq=seq), patience=PATIENCE)
        await scene.acknowledge()
    assert scene.seqs == list(range(1, scene.seqs[-1] + 1))
    assert not scene.ben.all("sync.reset")


async def test_who_reads_and_does_not_acknowledge_is_stopped(scene: Scene) -> None:
    await scene.write(EVENTS_MAX + 100)
    await scene.ben.until(lambda: len(scene.ben.events) >= EVENTS_MAX, patience=PATIENCE)
    await scene.settle()
    assert len(scene.ben.events) == EVENTS_MAX + 1  # the answer to what was asked came all the same
    assert not scene.ben.all("sync.reset")


async def test_a_stream_of_long_messages_is_stopped_by_its_bytes(scene: Scene) -> None:
    await scene.write(60, "x" * CONTENT_MAX)
    await scene.ben.until(lambda: sum(map(len, map(str, scene.ben.events))) >= BYTES_MAX, patience=PATIENCE)
    await scene.settle()
    assert 0.9 * BYTES_MAX / CONTENT_MAX < len(scene.seqs) < 1.1 * BYTES_MAX / CONTENT_MAX


async def test_an_acknowledgement_brings_one_reset_and_then_all_that_follows(scene: Scene) -> None:
    await scene.write(EVENTS_MAX + 100)
    await scene.ben.until(lambda: len(scene.ben.events) >= EVENTS_MAX, patience=PATIENCE)
    await scene.acknowledge()
    reset = await scene.ben.wait("sync.reset")
    assert (reset["conversation_id"], reset["reason"]) == (None, "lagging")
    stopped_at = scene.seqs[-1]
    await scene.write(50)
    await scene.ben.until(lambda: scene.ben.find("message.created", seq=EVENTS_MAX + 150), patience=PATIENCE)
    assert scene.seqs == [*range(1, stopped_at + 1), *range(EVENTS_MAX + 101, EVENTS_MAX + 151)]
    await scene.settle()
    assert len(scene.ben.all("sync.reset")) == 1


async def test_a_reset_can_be_followed_by_asking_for_the_rest(scene: Scene) -> None:
    await scene.write(EVENTS_MAX + 100)
    await scene.ben.until(lambda: len(scene.ben.events) >= EVENTS_MAX, patience=PATIENCE)
    await scene.acknowledge()
    await scene.ben.wait("sync.reset")
    await scene.ben.send("sync", conversation_id=scene.id, after_seq=scene.seqs[-1], after_rev=0, limit=200)
    rest = await scene.ben.wait("sync.batch")
    assert scene.seqs + [one["seq"] for one in rest["messages"]] == list(range(1, EVENTS_MAX + 101))
    assert not rest["more"]


async def test_what_is_fleeting_is_dropped_from_half_the_window_on(scene: Scene) -> None:
    async with signed_in(scene.url, scene.writer_token) as ada:
        for count, heard in ((100, 1), (EVENTS_MAX // 2 - 100, 1)):
            await scene.write(count)
            await scene.ben.until(lambda: scene.seqs and scene.seqs[-1] in (100, EVENTS_MAX // 2))
            ada.events.clear()
            await ada.send("typing", conversation_id=scene.id, on=True)
            await ada.send("sync", conversation_id=scene.id, after_seq=0, after_rev=0, limit=1)
            await ada.wait("sync.batch")
            await scene.settle()
            assert len(scene.ben.all("typing")) == heard
        await scene.write(1)
        await scene.ben.until(lambda: scene.seqs[-1] == EVENTS_MAX // 2 + 1)


async def test_own_commands_are_answered_above_the_window(scene: Scene) -> None:
    await scene.write(EVENTS_MAX + 100)
    await scene.ben.until(lambda: len(scene.ben.events) >= EVENTS_MAX, patience=PATIENCE)
    mine = await scene.ben.say(scene.id, "and I?")
    assert (await scene.ben.wait("ack", client_id=mine))["seq"] == EVENTS_MAX + 101
    await scene.ben.send("ping")
    await scene.ben.wait("pong")
    wrong = await scene.ben.say("0" * 24, "to nobody")
    assert (await scene.ben.wait("error", client_id=wrong))["code"] == "not_found"
    assert scene.seqs[-1] <= EVENTS_MAX


LIES = {
    "of another conversation": ("ping", {"cursors": {"0" * 24: [2**53, 2**53]}}),
    "of the other log": ("ping", {"cursors": {"HERE": [0, 2**53]}}),
    "before the first": ("receipt.read", {"conversation_id": "HERE", "seq": 0}),
    "below nothing": ("receipt.read", {"conversation_id": "HERE", "seq": -1}),
}


@pytest.mark.parametrize("lie", LIES)
async def test_cursors_that_name_nothing_sent_acknowledge_nothing(scene: Scene, lie: str) -> None:
    type, fields = LIES[lie]
    await scene.write(EVENTS_MAX + 100)
    await scene.ben.until(lambda: len(scene.ben.events) >= EVENTS_MAX, patience=PATIENCE)
    said = {"type": type, **fields}
    await scene.ben.connection.send(str(said).replace("'", '"').replace("HERE", scene.id))
    await scene.settle()
    assert not scene.ben.all("sync.reset")


async def test_a_cursor_beyond_the_head_is_no_credit(scene: Scene) -> None:
    await scene.write(10)
    await scene.ben.until(lambda: len(scene.seqs) == 10)
    await scene.ben.send("receipt.delivered", conversation_id=scene.id, seq=2**53)
    await scene.ben.send("ping", cursors={scene.id: [2**53, 2**53]})
    await scene.ben.wait("pong")
    await scene.write(EVENTS_MAX + 100)
    await scene.ben.until(lambda: len(scene.seqs) >= EVENTS_MAX, patience=PATIENCE)
    await scene.settle()
    assert len(scene.seqs) <= 10 + EVENTS_MAX


async def test_each_socket_has_a_window_of_its_own(scene: Scene) -> None:
    async with signed_in(scene.url, scene.token) as other:
        for upto in (250, 500, 750):
            await scene.write(250)
            await other.until(lambda seq=upto: other.find("message.created", seq=seq), patience=PATIENCE)
            await other.send("receipt.delivered", conversation_id=scene.id, seq=upto)
        assert [one["seq"] for one in other.all("message.created")] == list(range(1, 751))
    await scene.settle()
    assert scene.seqs[-1] <= EVENTS_MAX
