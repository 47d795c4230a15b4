"""Sees to it that the requirements are there: `.venv` beside manage.py, unless the environment we run in has them.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from chatsite.embedded.errors import StackError

BASE_DIR = Path(__file__).resolve().parents[2]
VENV = BASE_DIR / ".venv"
RUNTIME = BASE_DIR / "requirements.txt"
TESTS = BASE_DIR / "tests" / "requirements.txt"
STAMP = "requirements.stamp"  # in .venv: a digest of each list that was installed
PIP_OF_ANOTHER = (22, 3)  # the first pip that can install into another environment (--python)


def ensure(*, tests: bool) -> None:
    """Return when this Python has the requirements (`tests`: those of the tests too); else make or mend `.venv` and go
    on there, which does not return. Raises StackError with the remedy."""
    lists = [RUNTIME, TESTS] if tests else [RUNTIME]
    inside = Path(sys.prefix) == VENV
    if not inside and not any(map(lacking, lists)):
        return
    if _stamped(lists):
        if inside:
            return
    else:
        with RUNTIME.open() as lock:  # two commands at once: the second waits, then finds everything there
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _stamped(lists):
                if not inside or any(map(lacking, lists)):
                    _install(lists)
                (VENV / STAMP).write_text("\n".join(sorted(_marks(lists))) + "\n")
    python = VENV / "bin" / "python"
    os.execv(python, [str(python), *sys.argv])  # noqa: S606


def lacking(file: Path) -> list[str]:
    """The lines of a requirements file that this environment does not meet. The embedded servers, which only some
    platforms have (lines with a marker), may be missing."""
    return [line for line in _lines(file) if ";" not in line and not _met(line.partition("#")[0].strip())]


def _lines(file: Path) -> Iterator[str]:
    for line in map(str.strip, file.read_text().splitlines()):
        if line and not line.startswith(("#", "-")):
            yield line


def _met(requirement: str) -> bool:
    match = re.match(r"([\w.-]+)(?:\[[^]]*\])?(.*)", requirement)
    assert match, requirement
    try:
        version = _numbers(importlib.metadata.version(match[1]))
    except importlib.metadata.PackageNotFoundError:
        return False
    return all(_satisfies(version, clause.strip()) for clause in match[2].split(",") if clause.strip())


def _satisfies(version: tuple[int, ...], clause: str) -> bool:
    """One clause of a version specifier: `~=1.2`, `>=1`, `<2`, `==1.2.3`."""
    operator, wanted = clause[:2].rstrip("0123456789 "), _numbers(clause.lstrip("~=<> "))
    if operator == "<":
        return version < wanted
    if operator == "==":
        return version[: len(wanted)] == wanted
    return version >= wanted and (operator != "~=" or version[: len(wanted) - 1] == wanted[:-1])


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()


def _stamped(lists: list[Path]) -> bool:
    """Whether `.venv` is there and these very lists were installed into it."""
    stamp = VENV / STAMP
    return (VENV / "bin" / "python").exists() and stamp.exists() and set(stamp.read_text().split()) >= _marks(lists)


def _marks(lists: list[Path]) -> set[str]:
    return {hashlib.sha256(file.read_bytes()).hexdigest() for file in lists}


def _install(lists: list[Path]) -> None:
    python = VENV / "bin" / "python"
    if not _runs(python):
        _say(f"Making .venv with Python {sys.version.split()[0]}")
        _make_venv(python)
    _say(f"Installing {', '.join(str(file.relative_to(BASE_DIR)) for file in lists)} (a minute or two without a cache)")
    start = time.monotonic()
    # Compiling every module would take longer than what the first start then saves.
    options = [word for file in lists for word in ("-r", str(file))]
    _pip(python, "install", "--no-compile", "--quiet", *options)
    _say(f"Installed in {time.monotonic() - start:.0f} s")


def _make_venv(python: Path) -> None:
    if importlib.util.find_spec("venv") is None or (importlib.util.find_spec("ensurepip") is None and not _own_pip()):
        raise StackError("Python's venv module is missing: apt-get install python3-venv (or your system's package).")
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if _own_pip():
        # Ours installs pip there in half the time of ensurepip, and newer, which is twice as fast at what follows.
        _run([*make, "--without-pip"], "Could not make .venv")
        ours = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
        _run([*ours, "install", "--quiet", "--no-compile", "--upgrade", "pip"], "Could not install pip into .venv")
    else:
        _run(make, "Could not make .venv")
        _pip(python, "install", "--quiet", "--no-compile", "--upgrade", "pip")


def _own_pip() -> bool:
    try:
        return _numbers(importlib.metadata.version("pip")) >= PIP_OF_ANOTHER
    except importlib.metadata.PackageNotFoundError:
        return False


def _runs(python: Path) -> bool:
    """Whether the environment works: its Python goes away with a system upgrade."""
    return python.exists() and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    _run(command, "Could not install the requirements")


def _run(command: list[str], trouble: str) -> None:
    """Run quietly; raises StackError with the last line said when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in said if "ERROR" in line or "Error" in line] or said
        raise StackError(f"{trouble}: {errors[-1].strip() if errors else 'no reason given'}")


def _say(text: str) -> None:
    print(text, flush=True)
