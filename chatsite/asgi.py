"""The ASGI application: pages and API through Django, `/ws/` through Channels."""

import gc
import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup(set_prefix=False)

from chatsite.realtime.hub import hub  # noqa: E402, PLC0415  (these need the apps, which the line above loads)
from chatsite.routing import sockets  # noqa: E402, PLC0415
from chatsite.web.handler import ThreadHandler  # noqa: E402, PLC0415

get_resolver().url_patterns  # noqa: B018  (all pages and what they import, before anybody asks for one)
gc.freeze()  # what is loaded stays,
gc.set_threshold(10_000, 10, 10)  # and a page of messages is some thousand objects: a tenth of it went into looking

router = ProtocolTypeRouter({"http": ThreadHandler(), "websocket": sockets})


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Binds the process's hub to the server's event loop, then routes."""
    hub.attach()
    await router(scope, receive, send)
