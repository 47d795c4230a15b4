"""The ASGI application: pages and API through Django, `/ws/` through Channels."""

import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup(set_prefix=False)

from chatsite.realtime.hub import hub  # noqa: E402, PLC0415  (these need the apps, which the line above loads)
from chatsite.routing import sockets  # noqa: E402, PLC0415
from chatsite.web.handler import ThreadHandler  # noqa: E402, PLC0415

router = ProtocolTypeRouter({"http": ThreadHandler(), "websocket": sockets})


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Binds the process's hub to the server's event loop, then routes."""
    hub.attach()
    await router(scope, receive, send)
