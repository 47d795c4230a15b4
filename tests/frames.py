"""Every frame that a test sees is held against its declared type and against the description for machines."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, get_args

import msgspec
from jsonschema import Draft202012Validator

from chatsite.asyncapi import description
from chatsite.realtime.protocol import Command, Event
from messaging.protocol import Inbound

Frame = dict[str, Any]
EVENTS: dict[str, type[Event]] = {str(one.__struct_config__.tag): one for one in Event.__subclasses__()}
COMMANDS: dict[str, type[Command]] = {str(one.__struct_config__.tag): one for one in get_args(Inbound)}
_held: set[object] = set()


def check(event: Frame) -> None:
    """Fails when an event has a field that its type does not declare, lacks one, or has one of another type."""
    declared = EVENTS.get(event["type"])
    assert declared is not None, f"not declared: {event}"
    understood = msgspec.convert(event, declared)
    assert msgspec.json.decode(msgspec.json.encode(understood)) == event
    _check_description(declared.__name__, event)


def check_command(command: Frame) -> None:
    """Fails when the socket would not understand this command, or its description would not allow it."""
    declared = COMMANDS.get(command["type"])
    assert declared is not None, f"no such command: {command}"
    msgspec.convert(command, declared)
    _check_description(declared.__name__, command)


@lru_cache
def validator(name: str) -> Draft202012Validator:
    """The validator of a frame, by the name that the description has for it. Compiled once: that takes longest."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": description()["components"]}
    return Draft202012Validator(schema)


def _check_description(name: str, frame: Frame) -> None:
    """Once for each shape: jsonschema takes a hundred times as long as the types do, which are held every time."""
    shape = (name, _shape(frame))
    if shape not in _held:
        validator(name).validate(frame)
        _held.add(shape)


def _shape(value: Any, depth: int = 3) -> object:
    """What kinds of values a frame has where, as deep as frames have fields of their own."""
    if isinstance(value, dict) and depth:
        return frozenset((_field(name), _shape(one, depth - 1)) for name, one in value.items())
    if isinstance(value, list) and depth:
        return frozenset(_shape(one, depth - 1) for one in value)
    return type(value)


def _field(name: str) -> str:
    """The name of a field. Ids, as in `cursors` and `heads`, are all alike."""
    return name if name.isidentifier() else "*"
