"""Where sockets go."""

from channels.routing import URLRouter

sockets = URLRouter([])
