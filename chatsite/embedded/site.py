"""The chat's own processes: preparation, web processes on one listening socket, the job worker."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from chatsite.embedded.environment import OWNER
from chatsite.embedded.errors import StackError
from chatsite.embedded.folders import Folders
from chatsite.embedded.process import Child

BASE_DIR = Path(__file__).resolve().parents[2]
MANAGE = BASE_DIR / "manage.py"
APPLICATION = "chatsite.asgi:application"
BACKLOG = 1024  # connections waiting to be accepted
MESSAGE_LIMIT = 1 << 21  # bytes; PROTOCOL.md answers frames above 64 KiB itself, beyond this the server hangs up
PREPARE = "prepare"
SERVERS = {"daphne": "chatsite.realtime.daphne", "uvicorn": "uvicorn"}  # the module that runs each


def listen(host: str, port: int) -> socket.socket:
    """The socket all web processes accept on. Raises StackError when the address cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it on Linux; uvicorn does not set it on sockets it was handed.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StackError(f"Port {port} is taken: stop what listens there or choose another with --port.") from error
        raise StackError(f"Cannot listen on {host} port {port}: {error.strerror}.") from error
    return listener


def address(listener: socket.socket) -> str:
    """Where a browser on this machine finds the chat."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (told, not bound)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def command(server: str, descriptor: int) -> list[str]:
    """The command of one web process that accepts on the inherited `descriptor`."""
    if server == "uvicorn":
        options = f"--fd {descriptor} --ws chatsite.realtime.uvicorn:ChatProtocol --ws-max-size {MESSAGE_LIMIT}"
        options += " --ws-per-message-deflate false --lifespan off"
        options += " --no-proxy-headers --no-server-header --no-access-log --timeout-graceful-shutdown 2"
    else:
        options = f"--fd {descriptor} --websocket_timeout -1 --no-server-name --verbosity 0"
        options += f" --websocket-max-message-size {MESSAGE_LIMIT} --websocket-max-frame-size {MESSAGE_LIMIT}"
    return [sys.executable, "-m", SERVERS[server], *options.split(), APPLICATION]


def web(
    folders: Folders, variables: Mapping[str, str], listener: socket.socket, server: str, count: int
) -> list[Child]:
    """`count` web processes, not yet started."""
    descriptor = listener.fileno()
    return [
        _child(f"web-{number}", command(server, descriptor), folders, variables, keep_open=(descriptor,))
        for number in range(1, count + 1)
    ]


def worker(folders: Folders, variables: Mapping[str, str]) -> Child:
    """The process that does the queued and scheduled jobs."""
    return _child("worker", [sys.executable, str(MANAGE), "worker"], folders, variables)


def preparation(folders: Folders, variables: Mapping[str, str], *, demo: bool) -> Child:
    """Brings databases and static files in step with the code, and ends."""
    options = ["prepare", "--demo"] if demo else ["prepare"]
    return _child(PREPARE, [sys.executable, str(MANAGE), *options], folders, variables)


def ready(listener: socket.socket) -> bool:
    """Whether a web process answers that both databases do. Waits at most 10 seconds."""
    question = f"GET /health/ready HTTP/1.0\r\nHost: {_public_host()}\r\n\r\n"
    host, port = listener.getsockname()[:2]
    try:
        with socket.create_connection(({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port), 10) as client:  # noqa: S104
            client.sendall(question.encode())
            return client.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False  # asked again


def _public_host() -> str:
    """A host name the site answers to."""
    named = urlsplit(os.environ.get("CHAT_URL", "")).hostname
    return named or os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".").replace("*", "localhost")


def _child(
    name: str, arguments: Sequence[str], folders: Folders, variables: Mapping[str, str], keep_open: tuple[int, ...] = ()
) -> Child:
    environment = {**variables, **os.environ, "CHAT_DATA_DIR": str(folders.data), "PYTHONUNBUFFERED": "1"}
    environment["CHAT_PROCESSES"] = variables["CHAT_PROCESSES"]
    if name != PREPARE:
        environment.pop(OWNER, None)
    child = Child(name, [*arguments], folders, environment, keep_open=keep_open, folder=BASE_DIR)
    # They keep nothing that is not stored, and a worker told to end while it starts may not hear it.
    child.orphan_signal = signal.SIGKILL
    return child
