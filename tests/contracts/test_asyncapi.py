"""The socket's description for machines holds what the socket does."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.test import Client as Browser
from jsonschema import Draft202012Validator

from accounts.services import tokens
from chatsite.asyncapi import description
from messaging.services import conversations
from tests.live import LiveStack
from tests.sockets import signed_in


def schema_of(name: str) -> Draft202012Validator:
    """The validator of a frame by its `type`. The same `type` may go both ways: then either will do."""
    whole = description()
    names = [key for key, one in whole["components"]["messages"].items() if one["name"] == name]
    assert names, f"{name} is not described"
    references = [{"$ref": f"#/components/schemas/{one}"} for one in names]
    return Draft202012Validator({"anyOf": references, "components": whole["components"]})


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


@pytest.mark.django_db
def test_it_is_served_and_every_reference_leads_somewhere() -> None:
    answer = Browser().get("/api/v1/asyncapi.json")
    assert answer.status_code == 200
    whole = json.loads(answer.content)
    assert whole["asyncapi"] == "3.0.0"
    assert len(references(whole)) > 50
    for one in references(whole):
        part = whole
        for step in one.removeprefix("#/").split("/"):
            part = part[step]


@pytest.mark.parametrize(
    ("name", "frame", "valid"),
    [
        ("ping", {"type": "ping"}, True),
        ("ping", {"type": "ping", "cursors": {"0" * 24: [1, 2]}}, True),
        ("ping", {"type": "ping", "cursors": {"0" * 24: [1]}}, False),
        ("ping", {"type": "ping", "surprise": 1}, False),
        ("message.send", {"type": "message.send", "client_id": str(uuid4())}, False),
        ("receipt.read", {"type": "receipt.read", "conversation_id": "0" * 24, "seq": -1}, False),
    ],
)
def test_commands_are_as_strict_as_the_socket(name: str, frame: dict[str, Any], valid: bool) -> None:
    assert schema_of(name).is_valid(frame) is valid


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_what_comes_is_as_described(live_stack: LiveStack) -> None:
    ada, ben = [await sync_to_async(live_stack.person)(name) for name in ("ada", "ben")]
    group = await sync_to_async(conversations.create_group)(ada.chat_id, "Kites", [ben.chat_id])
    one, other = [(await sync_to_async(tokens.issue)(who)).access for who in (ada, ben)]
    async with (
        signed_in(live_stack.socket_url, one) as writer,
        signed_in(live_stack.socket_url, other) as reader,
    ):
        await writer.say(group.id, "It flies!")
        sent = await writer.wait("ack")
        await reader.wait("message.created")
        await reader.send("receipt.read", conversation_id=str(group.id), seq=1)
        await reader.send("typing", conversation_id=str(group.id), on=True)
        op = str(uuid4())
        await writer.send("message.edit", op_id=op, message_id=sent["message_id"], content="It flew.")
        await reader.wait("message.changed")
        await writer.wait("receipt.updated", kind="read")
        await writer.wait("typing")
        await reader.send("sync", conversation_id=str(group.id), after_seq=0, after_rev=0)
        await reader.wait("sync.batch")
        await reader.send("ping", cursors={str(group.id): [0, 0]})
        await reader.wait("pong")
        await reader.connection.send('{"type":"nonsense"}')
        await reader.wait("error")
        events = writer.events + reader.events
    assert len({event["type"] for event in events}) >= 10
    for event in events:
        schema_of(event["type"]).validate(event)
