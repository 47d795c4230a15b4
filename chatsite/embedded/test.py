"""`manage.py test`: pytest against a throw-away stack, which tests/stack.py starts."""

from __future__ import annotations

import argparse
import os
import sys

from chatsite.embedded.installation import BASE_DIR

WORKERS = "3"  # test processes, on two cores: tests wait a third of their time. Each has databases of its own
FAULTS = "tests/faults"
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
"""What a file shares is made once, and the order is ours (tests/conftest.py, tests/faults/conftest.py)."""


def parser() -> argparse.ArgumentParser:
    """The options of the command; what it does not know goes to pytest."""
    options = argparse.ArgumentParser(
        prog="manage.py test",
        description="Run the tests against servers of their own. Everything else is handed to pytest.",
        add_help=False,
        allow_abbrev=False,
    )
    options.add_argument("--faults", action="store_true", help="only tests/faults: what kills, and takes long")
    options.add_argument("-n", dest="workers", default=WORKERS, help=f"test processes (default {WORKERS})")
    return options


def main(arguments: list[str]) -> int:
    """Become pytest, which ends with its own exit code."""
    options, rest = parser().parse_known_args(arguments)
    command = [sys.executable, "-m", "pytest", "-n", options.workers, *BY_FILE, *rest]
    if "DATABASE_URL" not in os.environ:
        command.append("--reuse-db")  # they go away with their server; to drop one waits seconds for who still holds it
    if options.faults:
        command += ["--faults", *([] if _names_tests(rest) else [FAULTS])]
    os.chdir(BASE_DIR)
    os.execv(sys.executable, command)  # noqa: S606


def _names_tests(rest: list[str]) -> bool:
    return any(word.startswith("tests") for word in rest)
