"""Gives the tests servers of their own: started once by pytest, shared by its workers, gone afterwards.

A plugin (pyproject.toml names it), because the settings are read before any conftest. With DATABASE_URL and MONGODB_URL
in the environment those servers are used instead, in databases named test_... The fault tests kill none of them, but
servers of their own (tests/faults/site.py).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import pytest

from chatsite.embedded import field_keys
from chatsite.embedded.postgres import SUPERUSER, Postgres
from chatsite.embedded.stack import Stack
from chatsite.postgres.roles import BACKUP, RO, WEB

MEMORY = Path("/dev/shm")
ROOM = 2 << 30  # bytes free there, before it is used: the servers take a few hundred MB
FAULTS = Path(__file__).with_name("faults")
PREFIX = "chat-tests-"
LOG_INS = {"DATABASE_URL": SUPERUSER, "CHAT_TEST_WEB_URL": WEB, "CHAT_TEST_BACKUP_URL": BACKUP, "CHAT_TEST_RO_URL": RO}
"""Tests see and make everything; what is tested takes the roles that it has in earnest (chatsite/postgres/scope.py),
and what runs in a process of its own logs in as that does."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", action="store_true", help="only tests/faults: what kills servers, and what takes long")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What kills servers or takes long runs alone, and only when asked for."""
    if config.getoption("--faults"):
        return None if collection_path in (FAULTS.parent, FAULTS) or FAULTS in collection_path.parents else True
    return True if collection_path == FAULTS else None


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Before pytest-django loads the settings: start the servers, and name this process's databases."""
    asked = early_config.known_args_namespace
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker and not (asked.help or asked.version) and not {"DATABASE_URL", "MONGODB_URL"} <= os.environ.keys():
        _start(early_config)
    if "CHAT_DATA_DIR" not in os.environ:  # the caller's own servers
        os.environ.setdefault(field_keys.VARIABLE, "ab" * 32)
    if "MONGODB_URL" in os.environ:
        _take_own_databases(worker or "main")
    return (yield)


def _start(config: pytest.Config) -> None:
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place()))
    folder.chmod(0o711)  # the servers run as nobody when we are root
    (folder / "static").mkdir()  # WhiteNoise warns in every process that does not find it
    stack = Stack(folder, {}, durable=False)

    def stop() -> None:
        stack.stop()
        shutil.rmtree(folder)

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    config.add_cleanup(stop)
    signal.signal(signal.SIGTERM, interrupt)  # so that a CI that ends us leaves no servers and no files
    stack.start()
    os.environ.update(stack.variables(), CHAT_DATA_DIR=str(folder), CHAT_PROCESSES="1")
    (postgres,) = (one for one in stack.services if isinstance(one, Postgres))
    for name, role in LOG_INS.items():
        os.environ[name] = postgres.url_of(role)


def place() -> str:
    """Where servers that are thrown away keep their data: in memory where there is room, as every durable write waits
    for what is below it."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return tempfile.gettempdir()
    there = os.statvfs(MEMORY)
    roomy = there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC  # programs are copied there
    return str(MEMORY) if roomy else tempfile.gettempdir()


def _take_own_databases(worker: str) -> None:
    """pytest-django does the same for PostgreSQL."""
    url = urlsplit(os.environ["MONGODB_URL"])
    name = url.path.strip("/").removeprefix("test_").partition("-")[0]
    os.environ["MONGODB_URL"] = url._replace(path=f"/test_{name}-{worker}").geturl()
    os.environ["CHAT_REDIS_PREFIX"] = f"test-{worker}"


def _remove_abandoned() -> None:
    """What runs that were killed left: their servers ended with them, their files did not."""
    for folder in Path(place()).glob(f"{PREFIX}*"):
        lock = folder / "run" / "lock"
        if not lock.exists() or not os.access(lock, os.W_OK):
            continue
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # in use by a run beside us
            shutil.rmtree(folder)
