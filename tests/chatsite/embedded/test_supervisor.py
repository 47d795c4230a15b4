"""What ends the command that keeps everything running."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, signal, subprocess, sys
from chatsite.embedded import supervisor

def told():
    os.kill(os.getpid(), signal.{signal})

try:
    with supervisor.stoppable():
        {when}
        subprocess.run([sys.executable, "-c", "pass"], preexec_fn=lambda: None)  # a fork, which runs what waits for one
        signal.pause()
except supervisor.Stop:
    print("stopped")
"""
WITHIN = 10  # seconds


def stopped(when: str, name: str) -> bool:
    script = SCRIPT.format(signal=name, when=when)
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=WITHIN, check=True
    )
    return ran.stdout == "stopped\n"


def test_a_signal_stops_it() -> None:
    assert stopped("told()", "SIGTERM")


def test_a_signal_that_comes_while_it_forks_is_not_lost() -> None:
    """Python prints what a callback of a fork raises, and goes on: `up` ignored the one SIGTERM it was sent."""
    assert stopped("os.register_at_fork(after_in_parent=told)", "SIGTERM")
