"""daphne as the chat runs it: `python -m chatsite.realtime.daphne` takes daphne's own options.

daphne and the autobahn below it let an application close a socket with 1000 and 3000 to 4999 only. A planned stop is
1012 (RFC 6455 registry, "Service Restart"), as uvicorn sends it too. Plain `daphne` works as well; its clients then see
the connection drop after `bye`.
"""

from __future__ import annotations

from daphne.cli import CommandLineInterface
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from chatsite.realtime.protocol import RESTART


class ChatProtocol(WebSocketProtocol):  # type: ignore[misc]
    """daphne's socket, which may also say that the server restarts."""

    def serverClose(self, code: int | None = None) -> None:
        if code == RESTART:
            self.sendCloseFrame(code=code)
        else:
            super().serverClose(code)


if __name__ == "__main__":
    WebSocketFactory.protocol = ChatProtocol
    CommandLineInterface.entrypoint()
