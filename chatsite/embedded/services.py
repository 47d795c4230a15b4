"""`manage.py services`: only the databases, for development."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

from chatsite.embedded import environment, supervisor
from chatsite.embedded.errors import StackError
from chatsite.embedded.stack import Stack
from chatsite.embedded.up import add_data_dir, say, say_what_is_missing


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="manage.py services", description="Run only the databases of the data directory. Ctrl-C stops them."
    )
    add_data_dir(options)
    options.add_argument(
        "--print", action="store_true", help="print the variables as export lines for a shell, and end"
    )
    return options


def main(arguments: list[str]) -> int:
    """Run until told to stop, or print; returns the exit code. Raises StackError."""
    options = parser().parse_args(arguments)
    data_dir = Path(options.data_dir).resolve()
    if options.print:
        return _print(data_dir)
    stack = None
    try:
        with supervisor.stoppable():
            stack = Stack(data_dir, os.environ)
            say_what_is_missing(stack, processes=1)
            stack.start()
            say(f"{', '.join(service.title for service in stack.services)} running; their addresses: {_hint(data_dir)}")
            supervisor.watch([service.child for service in stack.services], say)
    except supervisor.Stop:
        say("Stopping")
    finally:
        if stack:
            stack.stop()
    return 0


def _print(data_dir: Path) -> int:
    kept = environment.load(data_dir)
    if not kept:
        raise StackError(f"No servers were started in {data_dir} yet: `manage.py services` or `manage.py up` first.")
    for name, value in {**kept, "CHAT_DATA_DIR": str(data_dir)}.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _hint(data_dir: Path) -> str:
    return f"manage.py services --print --data-dir {shlex.quote(str(data_dir))}"
