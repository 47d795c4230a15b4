"""What is measured: the chat on one web process or several, and a floor, each on a listening socket of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chatsite.embedded import site
from chatsite.embedded.errors import StackError
from chatsite.management.bench import processes

FLOOR = "floor"
PATIENCE = 120.0  # seconds until it answers
LINES = 12  # of a log that explain a failure
Processes = list[subprocess.Popen[bytes]]


@dataclass(frozen=True)
class Subject:
    """A running server: `name` daphne, uvicorn or floor, and its processes."""

    name: str
    port: int
    pids: tuple[int, ...]


@contextmanager
def chat(server: str, variables: Mapping[str, str], log: Path, cores: Sequence[int]) -> Iterator[Subject]:
    """Starts the chat on daphne or uvicorn, a web process on each of these cores, and ends it afterwards. What it says
    goes to `log`. Raises StackError."""
    listener = site.listen("127.0.0.1", 0)
    own = {**variables, "CHAT_PROCESSES": str(len(cores))}
    running: Processes = []
    with _ended(running, listener):
        for core in cores:
            with processes.pinned({core}):
                running.append(_spawn(site.command(server, listener.fileno()), own, log, listener))
            with _held(running[:-1]):  # so that it is this one that answers
                _await(server, lambda: site.ready(listener), running[-1], log)
        yield Subject(server, listener.getsockname()[1], tuple(one.pid for one in running))


@contextmanager
def floor(module: str, variables: Mapping[str, str], log: Path, core: int) -> Iterator[Subject]:
    """The same for a floor, which is one process."""
    listener = site.listen("127.0.0.1", 0)
    running: Processes = []
    with _ended(running, listener):
        with processes.pinned({core}):
            running.append(_spawn([sys.executable, "-m", module], variables, log, listener))
        _await(FLOOR, lambda: _answers(listener), running[0], log)
        yield Subject(FLOOR, listener.getsockname()[1], (running[0].pid,))


def _spawn(
    command: Sequence[str], variables: Mapping[str, str], log: Path, listener: socket.socket
) -> subprocess.Popen[bytes]:
    descriptor = listener.fileno()
    environment = {**os.environ, **variables, "FLOOR_FD": str(descriptor)}
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=site.BASE_DIR, pass_fds=[descriptor], stdout=out, stderr=out
        )


@contextmanager
def _ended(running: Processes, listener: socket.socket) -> Iterator[None]:
    try:
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        listener.close()


@contextmanager
def _held(others: Processes) -> Iterator[None]:
    """Within, these processes stand still."""
    for one in others:
        one.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for one in others:
            one.send_signal(signal.SIGCONT)


def _await(name: str, ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise failure(name, log)
        time.sleep(0.05)


def failure(what: str, log: Path) -> StackError:
    """The error for a process that failed, with the end of what it said."""
    lines = log.read_text(errors="replace").splitlines()[-LINES:]
    return StackError(f"{what} failed. It said:\n" + "\n".join(lines))


def _answers(listener: socket.socket) -> bool:
    """Whether anyone answers at all; a refusal will do. Waits at most 10 seconds."""
    try:
        with socket.create_connection(listener.getsockname(), 10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return client.recv(5) == b"HTTP/"
    except OSError:
        return False  # asked again
