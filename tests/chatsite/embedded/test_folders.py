"""Where the stack lives, and who may get there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatsite.embedded import environment, folders
from chatsite.embedded.errors import StackError
from chatsite.embedded.folders import SOCKET_PATH_LIMIT, Account
from chatsite.embedded.keys import keys_of
from chatsite.embedded.stack import Stack, running

STRANGER = Account("stranger", uid=54321, gid=54321)


def test_a_deep_directory_has_short_sockets(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    found = folders.prepare(deep)
    assert len(os.fsencode(found.sockets / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
    assert found.sockets.stat().st_mode & 0o777 == 0o700
    assert folders.prepare(deep) == found, "the same at the next start"
    found.sockets.rmdir()


def test_somebody_elses_socket_folder_is_refused(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    sockets = folders.prepare(deep).sockets
    sockets.rmdir()
    sockets.symlink_to(folder)
    with pytest.raises(StackError, match="belongs to somebody else"):
        folders.prepare(deep)
    sockets.unlink()


def test_an_existing_directory_keeps_its_mode(folder: Path) -> None:
    folder.chmod(0o755)
    folders.prepare(folder)
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(("mode", "may"), [(0o700, False), (0o711, True), (0o755, True)])
def test_who_may_pass_through(folder: Path, mode: int, may: bool) -> None:
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(mode)
    others = [parent for parent in (closed / "x").parents if parent != closed]
    assert folders.passable(closed / "x", STRANGER) is (may and all(one.stat().st_mode & 0o1 for one in others))


def test_servers_stay_where_they_were_put(folder: Path) -> None:
    data, elsewhere = folder / "data", folder / "elsewhere"
    data.mkdir()
    (data / "servers.path").write_text(f"{elsewhere}\n")
    assert folders.prepare(data).servers == elsewhere


def test_keys_are_kept_and_differ_by_purpose(folder: Path) -> None:
    first, again = keys_of(folder), keys_of(folder)
    assert first.derive("one") == again.derive("one") != first.derive("two")
    assert (folder / "secret.key").stat().st_mode & 0o777 == 0o600


def test_the_environment_is_private_and_empty_without_a_stack(folder: Path) -> None:
    assert environment.load(folder) == {}
    environment.keep(folder, {"DATABASE_URL": "postgres://"})
    assert environment.load(folder) == {"DATABASE_URL": "postgres://"}
    assert (folder / environment.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("command", "own", "logs_in_as"),
    [
        ("migrate", {}, "owner"),
        ("bootstrap", {}, "owner"),
        ("worker", {}, "web"),
        ("", {}, "web"),  # a web process
        ("migrate", {"DATABASE_URL": "mine"}, "mine"),
        ("migrate", {"DATABASE_URL": "mine", "DATABASE_OWNER_URL": "my owner"}, "my owner"),
        ("worker", {"DATABASE_URL": "mine", "DATABASE_OWNER_URL": "my owner"}, "mine"),
    ],
)
def test_only_commands_that_need_it_log_in_as_the_owner(
    folder: Path, command: str, own: dict[str, str], logs_in_as: str
) -> None:
    """And none keeps the address for the processes that it starts."""
    environment.keep(folder, {"DATABASE_URL": "web", environment.OWNER: "owner", "REDIS_URL": ""})
    variables = dict(own)
    environment.take(folder, variables, command)
    assert variables == {"DATABASE_URL": logs_in_as, "REDIS_URL": ""}


def test_servers_of_ones_own_are_not_started(folder: Path) -> None:
    given = {"DATABASE_URL": "postgres://elsewhere/chat", "REDIS_URL": ""}
    stack = Stack(folder / "data", given)
    assert [service.name for service in stack.services] == ["mongod"]
    assert running(folder / "data") == str(os.getpid())
    stack.stop()
    assert running(folder / "data") is None
