"""Where sockets go."""

from channels.routing import URLRouter
from django.urls import path

from messaging.consumers import ChatSocket

sockets = URLRouter([path("ws/", ChatSocket.as_asgi())])
