"""Runs `manage.py` commands as an operator does, and looks at the processes they start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from chatsite.embedded import site
from chatsite.embedded.environment import VARIABLES

PATIENCE = 120.0  # seconds, as long as `up` itself waits for the site
OWN = (*VARIABLES, "CHAT_DATA_DIR", "CHAT_REDIS_PREFIX")


def surroundings() -> dict[str, str]:
    """The environment without what the tests themselves use."""
    return {name: value for name, value in os.environ.items() if name not in OWN}


def said_by(*arguments: str | Path, **variables: str) -> tuple[str, int]:
    """What a command that ends by itself said, and its exit code."""
    command, said = [sys.executable, site.MANAGE, *arguments], subprocess.PIPE
    env = surroundings() | variables
    done = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT, text=True, env=env, timeout=PATIENCE)
    return done.stdout, done.returncode


def until(ask: Callable[[], object], within: float = PATIENCE) -> None:
    """Wait for a true answer."""
    deadline = time.monotonic() + within
    while not ask():
        assert time.monotonic() < deadline, f"still not after {within} s"
        time.sleep(0.05)


class Running:
    """A command in a process of its own, without the servers that the tests themselves use."""

    def __init__(self, *arguments: str | Path, output: Path) -> None:
        self.output = output
        with output.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, site.MANAGE, *arguments], stdout=out, stderr=subprocess.STDOUT, env=surroundings()
            )
        self.seen: set[psutil.Process] = set()

    def says(self, text: str) -> None:
        """Wait until it printed `text`."""

        def said() -> bool:
            assert text in self.output.read_text() or self.process.poll() is None, self.output.read_text()
            return text in self.output.read_text()

        until(said)
        self.children()

    def children(self) -> dict[str, psutil.Process]:
        """Its child processes, by the name of the program's role."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        self.seen |= set(found)
        there = {}
        for child in found:
            with suppress(psutil.NoSuchProcess):  # what prepares the site ends when it likes
                if child.ppid() == self.process.pid:
                    there[role(child)] = child
        return there

    def end(self, number: signal.Signals = signal.SIGTERM, within: float = 10) -> int:
        """Send the signal; returns the exit code. All that it ever started must be gone."""
        self.children()
        self.process.send_signal(number)
        code = self.process.wait(within)
        _, alive = psutil.wait_procs(self.seen, timeout=within)
        assert not alive, [role(one) for one in alive]
        return code


def role(process: psutil.Process) -> str:
    """What a child process is there for."""
    words = " ".join(process.cmdline())
    names = ("daphne", "uvicorn", "manage.py worker", "mongod", "postgres", "redis-server")
    return next((name for name in names if name in words.split("--dbpath")[0]), words)


def answers(url: str) -> bool:
    """Whether the site says that it is ready."""
    try:
        with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
