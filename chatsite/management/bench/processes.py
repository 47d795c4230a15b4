"""What processes cost, from /proc: CPU in seconds, memory in KiB (PSS: shared pages divided among their users)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds


class Stat(NamedTuple):
    """Of one process: its parent, and the CPU seconds of itself and of children that ended."""

    parent: int
    cpu: float


def parse_stat(text: str) -> Stat:
    """A line of /proc/PID/stat (proc_pid_stat(5)); a program's name may contain spaces and brackets."""
    fields = text.rpartition(")")[2].split()
    return Stat(int(fields[1]), sum(map(int, fields[11:15])) * TICK)


def parse_pss(text: str) -> int:
    """KiB from /proc/PID/smaps_rollup."""
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def family(root: int) -> set[int]:
    """The process and all its descendants that run now."""
    parents = dict(_parents())
    found: set[int] = set()
    fresh = {root}
    while fresh:
        found |= fresh
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
    return found


def cpu(root: int) -> float:
    """CPU seconds of a process and its descendants, those that ended included."""
    return sum(stat.cpu for pid in family(root) if (stat := _stat(pid)) is not None)


def pss(root: int) -> int:
    """KiB of a process and its descendants. Needs the right to look into them (the same user, or root)."""
    return sum(map(pss_alone, family(root)))


def pss_alone(pid: int) -> int:
    """KiB of one process without its descendants; 0 when it ended."""
    try:
        return parse_pss((PROC / str(pid) / "smaps_rollup").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _stat(pid: int) -> Stat | None:
    try:
        return parse_stat((PROC / str(pid) / "stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None


def _parents() -> Iterator[tuple[int, int]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))) is not None:
            yield int(entry.name), stat.parent


def busy(these: Iterable[int]) -> float:
    """CPU seconds the cores have spent on anything since they started, everybody's work together."""
    text = (PROC / "stat").read_text()
    return sum(parse_busy(text, core) for core in these)


def parse_busy(text: str, core: int) -> float:
    """The same of one core (proc_stat(5)): all but idle, waiting for disks, and guests, who are counted as user."""
    line = next(line for line in text.splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _waiting, *interrupts = map(int, line.split()[1:9])
    return (user + nice + system + sum(interrupts)) * TICK


def cores() -> tuple[int, int]:
    """The core of the servers and the core of the clients: two different ones where there are two."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextmanager
def pinned(to: Iterable[int]) -> Iterator[None]:
    """Within, this thread and what it starts run on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, to)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def moved(roots: Iterable[int], to: Iterable[int]) -> Iterator[None]:
    """Within, these processes and their descendants run on these cores, all of their threads; then where they were."""
    before = {root: os.sched_getaffinity(root) for root in roots}
    for root in before:
        _place(root, set(to))
    try:
        yield
    finally:
        for root, cores in before.items():
            _place(root, cores)


def _place(root: int, cores: set[int]) -> None:
    for pid in family(root):
        for thread in _threads(pid):
            with suppress(ProcessLookupError):  # it ended meanwhile
                os.sched_setaffinity(thread, cores)


def _threads(pid: int) -> list[int]:
    try:
        return [int(entry.name) for entry in (PROC / str(pid) / "task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []
