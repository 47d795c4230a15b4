"""What comes and goes over sockets."""

from messaging.consumers.chat import ChatSocket

__all__ = ["ChatSocket"]
