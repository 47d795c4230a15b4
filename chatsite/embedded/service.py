"""What the supervisor knows of an embedded server."""

from __future__ import annotations

import os
import re
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from chatsite.embedded.errors import StackError
from chatsite.embedded.folders import Folders
from chatsite.embedded.keys import Keys
from chatsite.embedded.process import Child, Command

PATIENCE = 60.0  # seconds a server may take to answer, recovery after a crash included
MISSING_LIBRARIES = {
    "libcurl.so.4": "libcurl4",
    "liblzma.so.5": "liblzma5",
    "libcrypto.so.3": "libssl3",
    "libssl.so.3": "libssl3",
    "libz.so.1": "zlib1g",
}  # shared library: Debian's package


class Service(ABC):
    """A server in three steps: `prepare` files, `child.spawn()` from the main thread, `settle` until it answers."""

    name: str
    title: str
    variable: str
    """The environment variable that names a server to use instead."""

    def __init__(self, folders: Folders, keys: Keys, *, durable: bool = True) -> None:
        """`durable=False` gives up safety against a power cut for speed: for throw-away stacks."""
        self.folders, self.keys, self.durable = folders, keys, durable
        self.data = folders.servers / self.name
        surroundings = self.clean_environment()
        self.child = Child(self.name, [], folders, surroundings, unprivileged=True, folder=folders.servers)

    @abstractmethod
    def prepare(self) -> None:
        """Make the files of a first start, and the command. Safe to repeat."""

    @abstractmethod
    def settle(self) -> None:
        """Wait until the server answers and make its accounts. Safe to repeat. Raises StackError."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The value for `variable`."""

    def variables(self) -> dict[str, str]:
        """What other processes need to use it."""
        return {self.variable: self.url}

    @staticmethod
    def clean_environment() -> dict[str, str]:
        """Nothing of ours: PGHOST and the like would mislead the server's tools."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC"}

    def run(self, command: Command, *, stdin: str = "", **environment: str) -> str:
        """Run a tool of the server as its account; returns what it printed. Raises StackError with what it said."""
        account = self.folders.account
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env={**self.clean_environment(), **environment},
            cwd=self.folders.servers,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode != 0:
            raise self.failure((done.stderr or done.stdout).strip())
        return done.stdout

    def wait_until(self, answers: Callable[[], bool]) -> None:
        """Wait until `answers()`; raises StackError when the server ended meanwhile or PATIENCE is over."""
        deadline = time.monotonic() + PATIENCE
        while not answers():
            if not self.child.alive():
                raise self.failure(self.child.last_lines())
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} does not answer after {PATIENCE:.0f} s. See {self.child.log}.")
            time.sleep(0.02)

    def failure(self, said: str) -> StackError:
        """What the server's last words mean, with the remedy where it is known."""
        if advice := library_advice(self.name, said):
            return StackError(advice)
        if "No space left on device" in said:
            return StackError(f"The disk is full: {self.name} cannot write in {self.data}. Free some space.")
        return StackError(f"{self.name} did not start. See {self.child.log}:\n{said}")


def library_advice(program: str, said: str) -> str | None:
    """What to install when the dynamic linker `said` that a library is missing."""
    match = re.search(r"(\S+\.so[.\d]*): (?:cannot open shared object|version `\S+' not found)", said)
    if match is None:
        return None
    package = MISSING_LIBRARIES.get(match[1], f"the package with {match[1]}")
    return f"{program} needs the library {match[1]}: apt-get install {package}"
