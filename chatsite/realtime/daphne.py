"""daphne as the chat runs it: `python -m chatsite.realtime.daphne` takes daphne's own options.

Plain `daphne` works as well. Two things are better here:

- A planned stop closes sockets with 1012 (RFC 6455 registry, "Service Restart"), as uvicorn does. autobahn lets an
  application send 1000 and 3000 to 4999 only; on plain daphne clients see the connection drop after `bye`.
- An event for many sockets is framed once, and written at once where nothing waits before it. autobahn frames and
  logs each message anew for each socket, and Twisted asks the kernel twice whether it may write: together about half
  of what a delivery costs.
"""

from __future__ import annotations

from autobahn.websocket.protocol import PreparedMessage
from daphne.cli import CommandLineInterface
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from chatsite.realtime.protocol import RESTART

_framed: tuple[str, bytes] = ("", b"")


def frame(text: str) -> bytes:
    """The frame of a text message. The last one is kept: the hub hands the same text to one socket after another."""
    global _framed
    if text is not _framed[0]:
        prepared = PreparedMessage(text.encode(), isBinary=False, applyMask=False, doNotCompress=True)
        _framed = (text, prepared.payloadHybi)
    return _framed[1]


class ChatProtocol(WebSocketProtocol):  # type: ignore[misc]
    """daphne's socket with a shorter way out."""

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:
        if binary or self.state != self.STATE_OPEN or self.send_queue:
            super().serverSend(content, binary)
        else:
            self._write(frame(str(content)))

    def serverClose(self, code: int | None = None) -> None:
        if code == RESTART:
            self.sendCloseFrame(code=code)
        else:
            super().serverClose(code)

    def _write(self, data: bytes) -> None:
        """Hands the data to the kernel now, unless something is waiting there; what it does not take, waits."""
        transport = self.transport
        waiting = transport.dataBuffer or transport._tempDataBuffer or transport.disconnecting
        written = 0 if waiting or not transport.connected else transport.writeSomeData(data)
        if not isinstance(written, int) or written < 0:
            written = 0  # lost: writing in the ordinary way finds that out, and ends the connection
        if written < len(data):
            transport.write(data[written:])


if __name__ == "__main__":
    WebSocketFactory.protocol = ChatProtocol
    CommandLineInterface.entrypoint()
