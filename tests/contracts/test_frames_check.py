"""What holds every frame that a test sees (tests/frames.py) does not let a wrong one through."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError

from tests import frames

PONG: dict[str, Any] = {"type": "pong", "heads": {"0" * 24: [1, 2]}}
ACK: dict[str, Any] = {
    "type": "ack",
    "message_id": "1" * 24,
    "conversation_id": "0" * 24,
    "seq": 1,
    "created_at": "2026-01-01T00:00:00.000Z",
}


@pytest.mark.parametrize("event", [PONG, ACK, {"type": "bye", "reconnect_in_ms": 500}])
def test_a_right_event_passes(event: dict[str, Any]) -> None:
    frames.check(event)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "nonsense"},
        {**ACK, "surprise": 1},
        {**ACK, "seq": "1"},
        {name: value for name, value in ACK.items() if name != "seq"},
        {"type": "pong", "heads": {"0" * 24: [1]}},
    ],
)
def test_a_wrong_event_does_not(event: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        frames.check(event)


@pytest.mark.parametrize(
    "command", [{"type": "nonsense"}, {"type": "ping", "x": 1}, {"type": "typing", "conversation_id": "7", "on": True}]
)
def test_a_wrong_command_does_not(command: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        frames.check_command(command)


def test_the_description_is_held_and_not_the_types_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    frames.validator.cache_clear()
    monkeypatch.setattr(frames, "_held", set())
    whole = frames.description()
    without = {**whole["components"]["schemas"], "Ack": {"required": ["something else"]}}
    monkeypatch.setattr(frames, "description", lambda: {"components": {**whole["components"], "schemas": without}})
    try:
        with pytest.raises(ValidationError):
            frames.check(ACK)
    finally:
        frames.validator.cache_clear()
