"""Redis over a unix socket: what it keeps is written to disk every second."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import SplitResult, quote, unquote, urlsplit

from chatsite.embedded import binaries
from chatsite.embedded.folders import Folders
from chatsite.embedded.service import Service

USER = "chat"
PORT = 6379  # where one of your own is when its URL does not say
PATIENCE = 5.0  # seconds for an answer

# The chat's user may do everything with data but empty it, and see statistics and clients, nothing with the server.
CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{data}"
appendonly {append}
appendfsync everysec
save ""
maxmemory-policy noeviction
user default off
user {user} on >{password} ~* &* +@all -@admin -flushdb -flushall +client +info
"""


def available(folders: Folders) -> bool:
    """Whether there is a Redis to start: the wheel lacks some versions of Python, and Redis is optional."""
    return binaries.redis(folders) is not None


class Redis(Service):
    name, title = "redis", "Redis"
    variable = "REDIS_URL"

    def prepare(self) -> None:
        program = binaries.redis(self.folders)
        assert program is not None, "ask available() first"
        self.folders.server_folder(self.name)
        configuration = self.data / "redis.conf"
        configuration.unlink(missing_ok=True)
        configuration.touch(mode=0o600)
        text = CONFIGURATION.format(
            socket=self._socket,
            data=self.data,
            append="yes" if self.durable else "no",
            user=USER,
            password=self._password(),
        )
        configuration.write_text(text)
        self.folders.own(configuration, 0o400)
        self.child.command = [program, configuration]

    def settle(self) -> None:
        self.wait_until(lambda: answers(self.url))

    @property
    def _socket(self) -> str:
        return str(self.folders.sockets / "redis.sock")

    @property
    def url(self) -> str:
        return f"unix://{USER}:{self._password()}@{quote(self._socket)}?db=0"

    def _password(self) -> str:
        return self.keys.derive("redis user chat")


def answers(url: str) -> bool:
    """Whether a Redis lets us in at `url` (unix://, redis:// or rediss://, with or without user and password)."""
    at = urlsplit(url)
    sign_in = [_encoded("AUTH", unquote(at.username or "default"), unquote(at.password))] if at.password else []
    try:
        with _connected(at) as client, client.makefile("rb") as said:
            client.sendall(b"".join([*sign_in, _encoded("PING")]))
            return [said.readline() for _ in sign_in] == [b"+OK\r\n"] * len(sign_in) and said.readline() == b"+PONG\r\n"
    except OSError:
        return False  # not there, or not yet


def _connected(at: SplitResult) -> socket.socket:
    if at.scheme == "unix":
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(PATIENCE)
        client.connect(unquote(at.path))
        return client
    client = socket.create_connection((at.hostname or "localhost", at.port or PORT), PATIENCE)
    if at.scheme == "rediss":
        return ssl.create_default_context().wrap_socket(client, server_hostname=at.hostname)
    return client


def _encoded(*words: str) -> bytes:
    """A command as Redis's protocol writes it: an array of strings with their lengths in bytes."""
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
