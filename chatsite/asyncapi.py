"""The socket described for machines: AsyncAPI 3 with the JSON Schema of every frame, made from the types."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, get_args

import msgspec
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from chatsite.realtime.protocol import Command, Event
from messaging.protocol import Inbound
from notifications.protocol import NotificationCreated, NotificationRead

REFERENCE = "#/components/schemas/{name}"
UPSTAIRS: tuple[type[Event], ...] = (NotificationCreated, NotificationRead)


@require_safe
@cache_control(max_age=3600, public=True)
def describe(request: HttpRequest) -> JsonResponse:
    """GET /api/v1/asyncapi.json: what may be sent on `/ws/` and what comes."""
    return JsonResponse(description())


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The whole document. Frames from a client are `commands`, frames from the server `events`."""
    commands: list[type[Command]] = sorted(get_args(Inbound), key=lambda one: one.__name__)
    events = sorted({*Event.__subclasses__(), *UPSTAIRS}, key=lambda one: one.__name__)
    _, schemas = msgspec.json.schema_components([*commands, *events], ref_template=REFERENCE)
    names = [one.__name__ for one in [*commands, *events]]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": settings.CHAT_NAME, "version": "1", "description": (Event.__doc__ or "").strip()},
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/ws/",
                "description": "One socket a tab. A frame is one event, or an array of events.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
                "bindings": {"ws": {"method": "GET"}},
            }
        },
        "operations": {
            "commands": _operation("receive", commands),
            "events": _operation("send", events),
        },
        "components": {
            "messages": {one.__name__: _message(one) for one in [*commands, *events]},
            "schemas": schemas,
        },
    }


def _operation(action: str, frames: list[Any]) -> dict[str, Any]:
    references = [{"$ref": f"#/channels/socket/messages/{one.__name__}"} for one in frames]
    return {"action": action, "channel": {"$ref": "#/channels/socket"}, "messages": references}


def _message(frame: Any) -> dict[str, Any]:
    summary = "" if frame.__doc__ is None else " ".join(frame.__doc__.split())
    payload = {"$ref": REFERENCE.format(name=frame.__name__)}
    return {"name": str(frame.__struct_config__.tag), "title": frame.__name__, "summary": summary, "payload": payload}
