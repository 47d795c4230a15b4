"""Bad input over the socket: answered or closed as PROTOCOL.md says, nothing stored, nobody else disturbed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from accounts.services import tokens
from chatsite.types import ObjectId
from messaging.documents import CONTENT_MAX, Conversation
from messaging.repositories import messages
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import Client, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]
BLNS = json.loads(
    (Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile" / "blns.json").read_text(encoding="utf-8")
)
MALFORMED, TOO_LARGE = 4400, 4413
FRAME_MAX = 64 * 1024  # bytes
NESTED = '{"a":' * 10_000
DEEP = f'{{"type":"ping","x":{NESTED}0{"}" * 10_001}'
ID = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Scene:
    """ada and ben share a conversation; eve is the stranger."""

    url: str
    here: Conversation
    elsewhere: Conversation
    ada: str
    ben: str
    eve: str


@pytest.fixture
def scene(live_stack: LiveStack, transactional_db: None) -> Iterator[Scene]:
    ada, ben, eve = (live_stack.person(name) for name in ("ada", "ben", "eve"))
    here = conversations.create_group(ada.chat_id, "Kites", [ben.chat_id])
    elsewhere = conversations.create_group(eve.chat_id, "Elsewhere", [])
    logged = live_stack.log.stat().st_size
    yield Scene(live_stack.socket_url, here, elsewhere, *(token(one) for one in (ada, ben, eve)))
    with live_stack.log.open() as log:
        log.seek(logged)
        assert "Traceback" not in log.read()


def token(user: User) -> str:
    return tokens.issue(user).access


@asynccontextmanager
async def together(scene: Scene) -> AsyncIterator[tuple[Client, Client]]:
    """ada, who will do it, and ben, whom it must not disturb: in the end he still talks and has heard nothing else."""
    async with signed_in(scene.url, scene.ada) as ada, signed_in(scene.url, scene.ben) as ben:
        yield ada, ben
        mine = await ben.say(scene.here.id, "still here")
        await ben.wait("ack", client_id=mine)
        heard = [one["message"]["content"] for one in ben.all("message.created")]
        assert heard == ["still here"]
        assert not ben.all("error")
    assert await sync_to_async(messages.head)(scene.here.id) == 1


def frame(scene: Scene, **fields: Any) -> dict[str, Any]:
    usual = {"type": "message.send", "client_id": ID, "conversation_id": str(scene.here.id), "content": "hi"}
    return {name: value for name, value in (usual | fields).items() if value is not ...}


INVALID: list[dict[str, Any]] = [
    {"type": "message.sned"},
    {"type": "ready"},
    {"type": 7},
    {"type": None},
    {"type": ...},
    {"colour": "red"},
    {"content": 7},
    {"content": None},
    {"content": ["hi"]},
    {"content": {"text": "hi"}},
    {"content": True},
    {"content": ...},
    {"content": ""},
    {"content": "nul\0nul"},
    {"client_id": "not-a-uuid"},
    {"client_id": 7},
    {"client_id": ...},
    {"conversation_id": "7"},
    {"conversation_id": 7},
    {"conversation_id": ...},
    {"reply_to": "7"},
    {"thread_id": "7"},
    {"attachments": ["x"]},
    {"attachments": "x"},
    {"type": "typing", "on": "yes", "client_id": ..., "content": ...},
    {"type": "receipt.read", "seq": -1, "client_id": ..., "content": ...},
    {"type": "receipt.read", "seq": 2**63, "client_id": ..., "content": ...},
    {"type": "receipt.read", "seq": 1.5, "client_id": ..., "content": ...},
    {"type": "sync", "after_seq": 0, "after_rev": 0, "limit": 10**9, "client_id": ..., "content": ...},
    {"type": "hello", "cursors": [], "client_id": ..., "content": ..., "conversation_id": ...},
    {"type": "hello", "cursors": {"7": [0, 0]}, "client_id": ..., "content": ..., "conversation_id": ...},
    {"type": "hello", "cursors": {"0" * 24: [0]}, "client_id": ..., "content": ..., "conversation_id": ...},
    {"type": "ping", "cursors": {"0" * 24: ["a", "b"]}, "client_id": ..., "content": ..., "conversation_id": ...},
]


async def test_wrong_fields_are_an_error_and_the_socket_stays(scene: Scene) -> None:
    async with together(scene) as (ada, _ben):
        for number, fields in enumerate(INVALID, start=1):
            sent = frame(scene, **fields)
            await ada.connection.send(json.dumps(sent))
            await ada.until(lambda n=number: len(ada.all("error")) == n)
            error = ada.all("error")[-1]
            assert error["code"] == "invalid", (sent, error)
            assert error.keys() <= {"type", "code", "detail", "client_id"}
            if isinstance(sent.get("client_id"), str):
                assert error["client_id"] == sent["client_id"]


@pytest.mark.parametrize("text", ["[]", "7", "null", '"hello"', "true", "[{}]", DEEP])
async def test_json_that_is_no_frame_is_invalid(scene: Scene, text: str) -> None:
    async with together(scene) as (ada, _ben):
        await ada.connection.send(text)
        assert (await ada.wait("error"))["code"] == "invalid"


@pytest.mark.parametrize(
    "text",
    ["", "{", "hello", "{'type': 'ping'}", '{"type": "ping"} x', "NaN", "\ufeff{}", NESTED, f'{{"x":{NESTED}'],
    ids=lambda text: text[:12],
)
async def test_what_is_no_json_closes_the_socket(scene: Scene, text: str) -> None:
    async with together(scene) as (ada, _ben):
        await ada.connection.send(text)
        assert await ada.closed() == MALFORMED


@pytest.mark.parametrize("lone", ["\\ud800", "\\udfff", "a\\udc00b", "\\ud83d", "\\ud83d\\ud83d"])
async def test_lone_surrogates_are_refused(scene: Scene, lone: str) -> None:
    async with together(scene) as (ada, _ben):
        await ada.connection.send(json.dumps(frame(scene, content="LONE")).replace("LONE", lone))
        await ada.until(lambda: ada.find("error") or ada.close_code)
        refused = ada.find("error")
        assert refused["code"] == "invalid" if refused else ada.close_code == MALFORMED


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b'{"type": "ping"}'])
async def test_binary_frames_close_the_socket(scene: Scene, data: bytes) -> None:
    async with together(scene) as (ada, _ben):
        await ada.connection.send(data)
        assert await ada.closed() == MALFORMED


@pytest.mark.parametrize("size", [FRAME_MAX + 1, 3 * FRAME_MAX])
async def test_frames_above_the_limit_close_the_socket(scene: Scene, size: int) -> None:
    async with together(scene) as (ada, _ben):
        await ada.connection.send('{"type":"ping","x":"' + "é" * (size // 2) + '"}')
        assert await ada.closed() == TOO_LARGE


async def test_a_message_of_the_greatest_length_goes_through_and_one_more_does_not(scene: Scene) -> None:
    async with signed_in(scene.url, scene.ada) as ada, signed_in(scene.url, scene.ben) as ben:
        refused = await ada.say(scene.here.id, "x" * (CONTENT_MAX + 1))
        assert (await ada.wait("error", client_id=refused))["code"] == "too_large"
        # as UTF-8 it fits into a frame, escaped it would not
        await ada.connection.send(json.dumps(frame(scene, content="🪁" * CONTENT_MAX), ensure_ascii=False))
        assert (await ben.wait("message.created"))["message"]["content"] == "🪁" * CONTENT_MAX
        assert len(ben.all("message.created")) == 1


async def test_a_strangers_ids_are_not_found(scene: Scene) -> None:
    nowhere, foreign = str(ObjectId()), str(scene.elsewhere.id)
    async with together(scene) as (ada, _ben), signed_in(scene.url, scene.eve) as eve:
        for where in (foreign, nowhere):
            answers = []
            for type, fields in {
                "message.send": {"client_id": str(uuid4()), "content": "let me in"},
                "typing": {"on": True},
                "receipt.delivered": {"seq": 1},
                "receipt.read": {"seq": 1},
                "sync": {"after_seq": 0, "after_rev": 0},
            }.items():
                ada.events.clear()
                await ada.send(type, conversation_id=where, **fields)
                answer = await ada.wait("error")
                answers.append({name: value for name, value in answer.items() if name != "client_id"})
            assert answers == [answers[0]] * 5
            assert answers[0]["code"] == "not_found"
        await ada.send("hello", cursors={foreign: [0, 0], nowhere: [0, 0]})
        for where in (foreign, nowhere):
            assert (await ada.wait("conversation.removed", conversation_id=where))["reason"] == "not_found"
        assert not eve.all("message.created") and not eve.all("typing")
    assert await sync_to_async(messages.head)(scene.elsewhere.id) == 0


async def test_an_answer_to_another_conversations_message_is_not_found(scene: Scene) -> None:
    async with together(scene) as (ada, _ben), signed_in(scene.url, scene.eve) as eve:
        theirs = await eve.wait("ack", client_id=await eve.say(scene.elsewhere.id, "private"))
        for field in ("reply_to", "thread_id"):
            for message_id in (theirs["message_id"], str(ObjectId())):
                ada.events.clear()
                await ada.connection.send(json.dumps(frame(scene, **{field: message_id})))
                assert (await ada.wait("error", client_id=ID))["code"] == "not_found"


LIES: list[tuple[str, dict[str, Any], str | None]] = [
    ("hello", {"cursors": {"HERE": [2**53, 0]}}, "sync.reset"),
    ("hello", {"cursors": {"HERE": [0, 2**53]}}, "sync.reset"),
    ("hello", {"cursors": {"HERE": [-1, 0]}}, "error"),
    ("hello", {"cursors": {"HERE": [2**53 + 1, 0]}}, "error"),
    ("ping", {"cursors": {"HERE": [2**53, 2**53], "ELSEWHERE": [0, 0]}}, "pong"),
    ("ping", {"cursors": {"HERE": [0, -1]}}, "error"),
    ("sync", {"conversation_id": "HERE", "after_seq": 2**53, "after_rev": 0}, "sync.reset"),
    ("sync", {"conversation_id": "HERE", "after_seq": -1, "after_rev": 0}, "error"),
    ("sync", {"conversation_id": "ELSEWHERE", "after_seq": 0, "after_rev": 0}, "error"),
    ("receipt.read", {"conversation_id": "HERE", "seq": -1}, "error"),
    ("receipt.read", {"conversation_id": "ELSEWHERE", "seq": 1}, "error"),
    ("receipt.read", {"conversation_id": "HERE", "seq": 2**53}, None),
]


async def test_lies_about_cursors_get_the_truth_or_an_error(scene: Scene) -> None:
    places = {"HERE": str(scene.here.id), "ELSEWHERE": str(scene.elsewhere.id)}
    async with together(scene) as (ada, _ben):
        for type, fields, answer in LIES:
            ada.events.clear()
            text = json.dumps({"type": type, **fields})
            for name, id in places.items():
                text = text.replace(f'"{name}"', f'"{id}"')
            await ada.connection.send(text)
            if answer is not None:
                told = await ada.wait(answer)
                assert told.get("code") in (None, "invalid", "not_found"), (text, told)
                assert not told.get("heads") and not told.get("messages"), (text, told)
        read = ada.all("receipt.updated", kind="read")
        assert all(one["seq"] <= 1 for one in read)


async def test_an_operation_repeated_with_another_content_is_a_conflict(scene: Scene) -> None:
    async with signed_in(scene.url, scene.ada) as ada, signed_in(scene.url, scene.ben) as ben:
        said = await ada.wait("ack", client_id=await ada.say(scene.here.id, "tee at five"))
        edit = {"op_id": ID, "message_id": said["message_id"]}
        await ada.send("message.edit", **edit, content="tea at five")
        await ada.wait("ack", op_id=ID)
        await ada.send("message.edit", **edit, content="coffee at five")
        assert (await ada.wait("error", op_id=ID))["code"] == "conflict"
        await ben.say(scene.here.id, "fine")
        await ben.wait("ack")
        assert [one["message"]["content"] for one in ben.all("message.changed")] == ["tea at five"]


async def test_naughty_strings_come_back_exactly_as_sent(scene: Scene) -> None:
    spoken = [text for text in BLNS if text and "\0" not in text]
    assert len(spoken) > 500
    async with signed_in(scene.url, scene.ada) as ada, signed_in(scene.url, scene.ben) as ben:
        for text in spoken:
            await ada.say(scene.here.id, text)
        await ben.until(lambda: len(ben.all("message.created")) == len(spoken), patience=30)
        assert [one["message"]["content"] for one in ben.all("message.created")] == spoken
        for text in set(BLNS) - set(spoken):
            assert (await ada.wait("error", client_id=await ada.say(scene.here.id, text)))["code"] == "invalid"
    stored = await sync_to_async(messages.after)(scene.here.id, 0, 1000)
    assert [one.content for one in stored] == spoken
