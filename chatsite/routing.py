"""Where sockets go."""

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from messaging.consumers import ChatSocket


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Refuses a handshake at any other address."""
    await receive()
    await send({"type": "websocket.close"})


sockets = URLRouter([path("ws/", ChatSocket.as_asgi()), re_path("", nowhere)])  # type: ignore[arg-type]
