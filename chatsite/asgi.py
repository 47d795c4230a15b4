"""The ASGI application: pages and API through Django, `/ws/` through Channels."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
pages = get_asgi_application()

from chatsite.routing import sockets  # noqa: E402, PLC0415  (needs the apps, which the line above loads)

application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
