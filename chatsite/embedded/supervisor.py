"""Keeps children running: restarts what ends, less and less eagerly, until we are told to stop."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from chatsite.embedded.process import Child

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart, doubled at each
STEADY = 60.0  # seconds a child must have run for its next restart to be quick again
AGAIN = 0.05  # seconds
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """Raised in the main thread by a signal that ends the command."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Within, a stop signal raises Stop at once. What follows, the clean-up, is not disturbed by further ones.

    Python drops what is raised while it forks or finalizes, and the signal would be lost: then it is raised again.
    """
    report = sys.unraisablehook

    def stop(number: int, frame: FrameType | None) -> None:
        _ignore(STOP_SIGNALS)
        raise Stop

    def dropped(what: sys.UnraisableHookArgs) -> None:
        if what.exc_type is Stop:
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
        else:
            report(what)

    sys.unraisablehook = dropped
    for one in (*STOP_SIGNALS, signal.SIGALRM):
        signal.signal(one, stop)
    try:
        yield
    finally:
        _ignore((*STOP_SIGNALS, signal.SIGALRM))
        sys.unraisablehook = report


def _ignore(signals: Iterable[signal.Signals]) -> None:
    for one in signals:
        signal.signal(one, signal.SIG_IGN)


@dataclass
class Watched:
    child: Child
    pause: float = FIRST_PAUSE
    started: float = 0.0
    """time.monotonic() of the last start"""
    due: float | None = None
    """time.monotonic() of the next start; None: it runs"""


def watch(children: list[Child], report: Callable[[str], None]) -> None:
    """Restart `children` as they end, for ever: left by an exception, normally Stop."""
    now = time.monotonic()
    watched = [Watched(child, started=now) for child in children]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)  # a handler, so that the wake-up descriptor is written
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        while True:
            pauses = [_look_after(one, report) for one in watched]
            if select.select([reader], [], [], min((pause for pause in pauses if pause is not None), default=None))[0]:
                os.read(reader, 512)
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(reader)
        os.close(writer)


def _look_after(one: Watched, report: Callable[[str], None]) -> float | None:
    """Restart the child if it is due; the seconds until it will be, None when it runs."""
    now = time.monotonic()
    if one.due is None:
        if one.child.alive():
            return None
        assert one.child.process is not None
        if now - one.started >= STEADY:
            one.pause = FIRST_PAUSE
        one.due = now + one.pause
        report(
            f"{one.child.name} ended ({_how(one.child.process.returncode)}), starting it again in {one.pause:g} s. "
            f"{one.child.log} ends with:\n{one.child.last_lines()}"
        )
        one.pause = min(one.pause * 2, LONGEST_PAUSE)
    if now < one.due:
        return one.due - now
    one.child.spawn()
    one.due, one.started = None, now
    return None


def _how(returncode: int) -> str:
    return f"exit code {returncode}" if returncode >= 0 else signal.Signals(-returncode).name
