"""Redis over a unix socket: what it keeps is written to disk every second."""

from __future__ import annotations

import socket
from urllib.parse import quote

from chatsite.embedded import binaries
from chatsite.embedded.folders import Folders
from chatsite.embedded.service import Service

USER = "chat"

# The chat's user may do everything with data and see statistics and clients, nothing with the server itself.
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
user {user} on >{password} ~* &* +@all -@admin +client +info
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
        self.wait_until(self._answers)

    def _answers(self) -> bool:
        """Signs in and asks; false while it is not listening yet or reads its file."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            if client.connect_ex(self._socket) != 0:
                return False
            client.sendall(f"AUTH {USER} {self._password()}\r\nPING\r\n".encode())
            with client.makefile("rb") as answers:
                return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"

    @property
    def _socket(self) -> str:
        return str(self.folders.sockets / "redis.sock")

    @property
    def url(self) -> str:
        return f"unix://{USER}:{self._password()}@{quote(self._socket)}?db=0"

    def _password(self) -> str:
        return self.keys.derive("redis user chat")
