"""What is measured: the chat on one web process, and the floor, each on a listening socket of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatsite.embedded import site
from chatsite.embedded.errors import StackError

FLOOR = "floor"
PATIENCE = 60.0  # seconds until it answers
LINES = 12  # of a log that explain a failure


@dataclass(frozen=True)
class Subject:
    """A running server: `name` daphne, uvicorn or floor, and its process."""

    name: str
    port: int
    pid: int


@contextmanager
def serving(name: str, variables: Mapping[str, str], log: Path) -> Iterator[Subject]:
    """Starts the chat on daphne or uvicorn, or the floor, and ends it afterwards. What it says goes to `log`.

    Raises StackError.
    """
    listener = site.listen("127.0.0.1", 0)
    descriptor = listener.fileno()
    environment = {**os.environ, **variables}
    if name == FLOOR:
        environment["FLOOR_FD"] = str(descriptor)
        command = [sys.executable, "-m", "chatsite.management.bench.floor"]
    else:
        command = site.command(name, descriptor)
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=site.BASE_DIR, pass_fds=[descriptor], stdout=out, stderr=out
        )
    try:
        _await(name, listener, process, log)
        yield Subject(name, listener.getsockname()[1], process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        listener.close()


def _await(name: str, listener: socket.socket, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (_answers(listener) if name == FLOOR else site.ready(listener)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise failure(name, log)
        time.sleep(0.05)


def failure(what: str, log: Path) -> StackError:
    """The error for a process that failed, with the end of what it said."""
    lines = log.read_text(errors="replace").splitlines()[-LINES:]
    return StackError(f"{what} failed. It said:\n" + "\n".join(lines))


def _answers(listener: socket.socket) -> bool:
    """Whether anyone answers at all; a refusal will do."""
    with socket.create_connection(listener.getsockname(), 10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return client.recv(5) == b"HTTP/"
