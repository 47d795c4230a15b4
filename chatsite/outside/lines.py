"""How a name becomes addresses, and an address a connection: the two things that tests give another meaning."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import Protocol

RESOLVERS = 4  # threads: the C library's resolver waits as long as it likes
_pool = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolver")


class Line(Protocol):
    """A way to the Internet. `fetch` asks it for addresses, decides, and names the one to call."""

    def resolve(self, host: str, port: int, within: float) -> list[str]:
        """The addresses of a host, as numbers, those first that should be tried first. Raises OSError."""

    def call(self, address: str, port: int, within: float) -> socket.socket:
        """A connection to an address, which is none that must be resolved. Raises OSError."""

    def context(self) -> ssl.SSLContext:
        """Whom to believe that they are who they say."""


class Internet:
    """The real one. `within` is in seconds."""

    def resolve(self, host: str, port: int, within: float) -> list[str]:
        asked = _pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = asked.result(within)
        except Late:
            raise TimeoutError("the name could not be resolved in time") from None
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def call(self, address: str, port: int, within: float) -> socket.socket:
        return socket.create_connection((address, port), within)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context()


INTERNET = Internet()
