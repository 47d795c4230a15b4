"""The site as a process of its own, on this worker's databases: for sockets and browsers."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from chatsite.embedded import field_keys, process, site
from chatsite.embedded.folders import Folders
from tests.cast import person

PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class LiveStack:
    """A running site. Tests that use it need `transactional_db`: what is in an open transaction it cannot see."""

    url: str
    password_hash: str
    web: process.Child
    listener: socket.socket

    @property
    def log(self) -> Path:
        return self.web.log

    def kill(self) -> None:
        """Ends the site as a power cut would."""
        if self.web.process is not None:
            os.kill(self.web.process.pid, signal.SIGKILL)
            self.web.process.wait()

    def stop(self) -> None:
        """Ends the site as a deployment would, and waits for it."""
        if self.web.process is not None:
            self.web.process.terminate()
            self.web.process.wait(PATIENCE)

    def start(self) -> None:
        """Starts it, again after `kill` or `stop`, on the same address; returns when it answers."""
        self.web.spawn()
        _await_answer(self.listener, self.web)

    @property
    def socket_url(self) -> str:
        """Where the web socket is, without ticket or query."""
        return f"{self.url.replace('http', 'ws', 1)}/ws/"

    def person(self, username: str, **fields: object) -> User:
        """An account of the cast or another one; the password is `tests.cast.PASSWORD`."""
        return person(username, self.password_hash, **fields)


@pytest.fixture(scope="session")
def live_stack(
    django_db_setup: None,
    mongo_collections: None,
    password_hash: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveStack]:
    """One daphne for all tests of this worker that come over the network. It limits nobody."""
    with running(tmp_path_factory.mktemp("live"), password_hash, limits="off") as stack:
        yield stack


@pytest.fixture(scope="session")
def limited_stack(
    django_db_setup: None,
    mongo_collections: None,
    password_hash: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveStack]:
    """Another one, with every limit in force, as people have it."""
    with running(tmp_path_factory.mktemp("limited"), password_hash, limits="on") as stack:
        yield stack


@contextmanager
def running(folder: Path, password_hash: str, limits: str, server: str = "daphne") -> Iterator[LiveStack]:
    """A site that ends with the block."""
    listener = site.listen("127.0.0.1", 0)
    (web,) = site.web(_folders(folder), {"CHAT_PROCESSES": "1"}, listener, server, 1)
    variables = {"DATABASE_URL": _test_database_url(), "CHAT_RATE_LIMITS": limits, "CHAT_SIGNUP": "open"}
    web.environment = {**web.environment, **variables}
    web.environment[field_keys.VARIABLE] = ",".join(settings.FIELD_KEYS)  # its data directory is another one
    stack = LiveStack(site.address(listener), password_hash, web, listener)
    try:
        stack.start()
        yield stack
    finally:
        process.end([web])
        listener.close()
    assert "Exception inside application" not in web.log.read_text(), f"the site failed: see {web.log}"


@pytest.fixture
def live_server_url(live_stack: LiveStack, transactional_db: None) -> str:
    """The address of the running site, without a slash at the end."""
    return live_stack.url


def _test_database_url() -> str:
    """This worker's database, as the site logs in."""
    return urlsplit(os.environ["CHAT_TEST_WEB_URL"])._replace(path=_path()).geturl()


def _path() -> str:
    at = connection.settings_dict
    return f"/{quote(at['HOST'])}/{at['NAME']}" if at["HOST"].startswith("/") else f"/{at['NAME']}"


def _folders(folder: Path) -> Folders:
    folders = Folders(data=folder, servers=folder, sockets=folder, account=None)
    folders.logs.mkdir()
    folders.pids.mkdir()
    return folders


def _await_answer(listener: socket.socket, web: process.Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while not site.ready(listener):
        assert web.alive(), web.last_lines(50)
        assert time.monotonic() < deadline, f"not ready after {PATIENCE} s: {web.last_lines(50)}"
        time.sleep(0.05)
