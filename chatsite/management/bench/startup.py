"""What `manage.py up` costs before anyone uses it: the time until it is ready, and its memory and CPU when idle."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatsite.embedded import site
from chatsite.embedded.environment import VARIABLES
from chatsite.embedded.errors import StackError
from chatsite.management.bench import processes
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.laboratory import PREFIX, THEIRS

NAME, TITLE = "startup", "`up` in an empty data directory, then again; one web process and the worker, idle"
READY = "The chat is ready"
PATIENCE = 120.0  # seconds until it must be
SETTLE = 5.0  # seconds after which what only happens at the start is over
OWN = (*THEIRS, *VARIABLES, "CHAT_DATA_DIR", "CHAT_PROCESSES")


def measure(server: str, seconds: float) -> list[Figure]:
    """Starts the whole chat twice and looks at it for `seconds`. Raises StackError."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # the servers run as nobody when we are root
    try:
        with _up(folder, server) as (_, first):
            pass
        with _up(folder, server) as (pid, again):
            time.sleep(SETTLE)
            idle = _idle(folder, pid, seconds)
    finally:
        shutil.rmtree(folder)
    times = [Figure("ready, first time", "s", first), Figure("ready, next time", "s", again)]
    return times + idle


def _idle(folder: Path, supervisor: int, seconds: float) -> list[Figure]:
    roots = {"supervisor": supervisor}
    for file in sorted((folder / "run").glob("*.pid")):
        roots[file.stem] = int(file.read_text().split()[0])
    children = {pid for name, pid in roots.items() if name != "supervisor"}
    before = _cpu(roots)
    time.sleep(seconds)
    spent = {name: late - before[name] for name, late in _cpu(roots).items()}
    memory = {name: processes.pss(pid) if pid in children else processes.pss_alone(pid) for name, pid in roots.items()}
    lines = [Figure("memory when idle (PSS)", "MiB", sum(memory.values()) / 1024)]
    lines += [Figure(f"    {name}", "MiB", kib / 1024) for name, kib in memory.items()]
    lines += [Figure("CPU when idle", "% of a core", 100 * sum(spent.values()) / seconds)]
    return [*lines, *(Figure(f"    {name}'s CPU", "% of a core", 100 * one / seconds) for name, one in spent.items())]


def _cpu(roots: dict[str, int]) -> dict[str, float]:
    """CPU seconds of each; of the supervisor without its children."""
    found = {name: processes.cpu(pid) for name, pid in roots.items()}
    found["supervisor"] -= sum(spent for name, spent in found.items() if name != "supervisor")
    return found


@contextmanager
def _up(folder: Path, server: str) -> Iterator[tuple[int, float]]:
    """The chat, started in `folder`: the supervisor's process, and the seconds until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(site.MANAGE), "up", "--port", str(port), "--data-dir", str(folder)]
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    start = time.monotonic()
    with subprocess.Popen(  # noqa: S603
        [*command, "--server", server], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as up:
        try:
            _await_ready(up)
            yield up.pid, time.monotonic() - start
        finally:
            up.send_signal(signal.SIGTERM)
            up.communicate()


def _await_ready(up: subprocess.Popen[bytes]) -> None:
    """Reads what it says until it is ready. Raises StackError with its words when that does not happen."""
    assert up.stdout is not None
    said, deadline = b"", time.monotonic() + PATIENCE
    while READY.encode() not in said:
        waiting = deadline - time.monotonic()
        if waiting <= 0 or not select.select([up.stdout], [], [], waiting)[0]:
            raise StackError(f"`up` was not ready after {PATIENCE:.0f} s. It said:\n{said.decode()}")
        more = os.read(up.stdout.fileno(), 4096)
        if not more:
            raise StackError(f"`up` ended. It said:\n{said.decode()}")
        said += more
