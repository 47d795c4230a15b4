"""One child process: started with its log, ended in time, never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatsite.embedded.folders import Folders

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_LIMIT = 10 * 1024 * 1024  # bytes; a larger log is put aside at the next start
KILL_AFTER = 8.0  # seconds a child has to end by itself
_libc = ctypes.CDLL(None)

Command = list[str | os.PathLike[str]]
"""A program and its arguments."""


@dataclass
class Child:
    """A program to run, and its process once `spawn` was called."""

    name: str
    command: Command
    folders: Folders
    environment: Mapping[str, str] = field(default_factory=dict)
    """The whole environment; empty: ours."""
    end_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals | None = None
    """What the kernel sends when the supervisor was killed; None: `end_signal`."""
    unprivileged: bool = False
    """Run as the folders' account when we are root."""
    keep_open: Sequence[int] = ()
    """File descriptors the child inherits."""
    folder: Path | None = None
    """Where it runs; None: where we do."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folders.logs / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return self.folders.pids / f"{self.name}.pid"

    def spawn(self) -> None:
        """Start the program. To be called from the main thread only: the kernel ends the child when the thread that
        started it ends (PR_SET_PDEATHSIG), which is what keeps it from outliving a supervisor killed with -9."""
        account = self.folders.account if self.unprivileged else None
        parent, orphaned = os.getpid(), self.orphan_signal or self.end_signal

        def die_with_parent() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, orphaned)
            if os.getppid() != parent:
                os._exit(1)

        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment or None,
                start_new_session=True,  # Ctrl-C reaches us alone; we end the children in order
                pass_fds=self.keep_open,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                umask=0o077 if self.unprivileged else -1,
                preexec_fn=die_with_parent,  # noqa: PLW1509  (after the change of user, which resets it)
            )
        self.pid_file.write_text(f"{self.process.pid} {_born(self.process.pid)}")

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.end_signal)

    def wait_for_end(self, deadline: float) -> None:
        """Wait until `deadline` (of time.monotonic), then kill the process and its descendants."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.pid_file.unlink(missing_ok=True)

    def last_lines(self, count: int = 8) -> str:
        """The end of the child's log, indented for the terminal."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(f"    {line[:300]}" for line in lines[-count:])


def end(children: Sequence[Child], within: float = KILL_AFTER) -> None:
    """End `children` together, in at most `within` seconds."""
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + within
    for child in children:
        child.wait_for_end(deadline)


def end_leftovers(folders: Folders, within: float = KILL_AFTER) -> list[str]:
    """End what an earlier supervisor of these folders left running; returns the names of what there was."""
    left = {}
    for file in folders.pids.glob("*.pid"):
        pid, born = (int(number) for number in file.read_text().split())
        if born and _born(pid) == born:
            left[pid] = (file, born)
        else:
            file.unlink(missing_ok=True)
    deadline = time.monotonic() + within
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    for pid, (file, born) in left.items():
        while _born(pid) == born and time.monotonic() < deadline:
            time.sleep(0.05)
        if _born(pid) == born:
            os.killpg(pid, signal.SIGKILL)
        file.unlink(missing_ok=True)
    return [file.stem for file, _ in left.values()]


def _born(pid: int) -> int:
    """When the process started, in clock ticks since boot: with the pid, its identity. 0: none, or a zombie."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0 if state == "Z" else int(rest[18])
