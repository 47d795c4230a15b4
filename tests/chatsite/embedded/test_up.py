"""`manage.py up` as an operator meets it: starts, heals, keeps its data, leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from chatsite.crypto import envelope
from chatsite.embedded import doctor, environment, field_keys, site
from chatsite.embedded.doctor import Finding, State
from chatsite.embedded.stack import running
from chatsite.postgres.roles import AUTH
from tests.chatsite.embedded.commands import Running, answers, said_by, until
from tests.sealing import ring_of


@pytest.fixture(scope="module")
def data_dir(module_folder: Path) -> Path:
    """One for the module: making the databases takes seconds."""
    return module_folder / "data"


@pytest.fixture(scope="module")
def url() -> str:
    with site.listen("127.0.0.1", 0) as free:
        return site.address(free)


def start(data_dir: Path, url: str, *options: str) -> Running:
    port = url.rpartition(":")[2]
    output = data_dir.with_name("said")
    output.unlink(missing_ok=True)
    command = Running("up", "--port", port, "--data-dir", data_dir, *options, output=output)
    command.says("The chat is ready")
    return command


@pytest.fixture(scope="module")
def up(data_dir: Path, url: str) -> Iterator[Running]:
    """The first start; the last test ends it."""
    command = start(data_dir, url)
    yield command
    if command.process.poll() is None:
        command.end()


def database(data_dir: Path) -> psycopg.Connection[tuple[object, ...]]:
    at, _, name = environment.load(data_dir)[environment.OWNER].rpartition("/")
    credentials, _, folder = at.partition("@/")
    user, _, password = credentials.removeprefix("postgres://").partition(":")
    return psycopg.connect(host=folder, user=user, password=password, dbname=name, autocommit=True)


def test_everything_is_there(up: Running, data_dir: Path, url: str) -> None:
    assert {"daphne", "manage.py worker", "mongod", "postgres", "redis-server"} == up.children().keys()
    assert answers(url)
    for secret in (environment.FILE, "secret.key"):
        assert (data_dir / secret).stat().st_mode & 0o777 == 0o600


def test_a_second_one_in_the_same_directory_is_refused(up: Running, data_dir: Path) -> None:
    command = [sys.executable, site.MANAGE, "up", "--port", "0", "--data-dir", data_dir]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    expected = f"The servers of {data_dir} run already (process {up.process.pid}): stop that one first.\n"
    assert (done.returncode, done.stderr) == (1, expected)


def test_the_doctor_finds_the_running_site_well(up: Running, data_dir: Path) -> None:
    said, code = said_by("doctor", "--data-dir", data_dir, "--port", "0")
    assert code == 0, said
    assert "MongoDB answers, its collections are as declared" in said
    assert "PostgreSQL's roles, policies and rights are as declared" in said


def test_the_doctor_finds_keys_that_do_not_open_what_is_there(up: Running, data_dir: Path) -> None:
    with ring_of(*field_keys.read(data_dir, {})), database(data_dir) as connection:
        address = envelope.seal_deterministically("ada@example.org", "users.email")
        connection.execute(f"SET ROLE {AUTH}")  # the owner sees no rows, and adds none
        connection.execute("INSERT INTO users (username, email, password_hash) VALUES ('ada', %s, '')", [address])
    said, code = said_by("doctor", "--data-dir", data_dir, "--port", "0", CHAT_FIELD_KEYS="0a" * 32)
    assert code == 1 and "values that no key here opens" in said and "Put the keys that sealed them back" in said


def test_killed_children_come_back(up: Running, url: str) -> None:
    before = up.children()
    for child in before.values():
        child.send_signal(signal.SIGKILL)
    psutil.wait_procs(before.values(), timeout=10)
    until(lambda: before.keys() == up.children().keys())
    until(lambda: answers(url))
    assert not set(up.children().values()) & set(before.values())
    assert "web-1 ended (SIGKILL), starting it again" in up.output.read_text()


def test_a_stop_leaves_no_process(up: Running, data_dir: Path) -> None:
    with database(data_dir) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert up.end(signal.SIGTERM, within=10) == 0
    assert running(data_dir) is None


def test_a_lost_key_file_is_found_before_anything_is_written(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First it is gone, then somebody puts another one in its place."""
    for name in ("DATABASE_URL", field_keys.VARIABLE):  # of the tests' own servers
        monkeypatch.delenv(name, raising=False)
    up = ("up", "--port", "0", "--data-dir", data_dir)
    keys, kept = data_dir / field_keys.FILE, data_dir / "kept.keys"
    keys.rename(kept)
    assert said_by(*up) == (f"{field_keys.advice(data_dir)}\n", 1)
    assert Finding(State.WRONG, field_keys.advice(data_dir)) in doctor.directory(data_dir)
    assert not keys.exists()
    keys.write_text("0a" * 32)
    said, code = said_by(*up)
    assert code == 1 and "The chat is ready" not in said
    assert "Nothing was changed. PostgreSQL holds values that no key here opens" in said and "users.email" in said
    kept.replace(keys)


def test_the_next_start_finds_the_data(data_dir: Path, url: str) -> None:
    again = start(data_dir, url, "--server", "uvicorn", "--processes", "2")
    with database(data_dir) as connection:
        assert connection.execute("SELECT answer, current_schema() FROM kept").fetchone() == (42, "chat_app")
    servers = [child for child in psutil.Process(again.process.pid).children() if "uvicorn" in child.cmdline()]
    assert len(servers) == 2, "they share the listening socket"
    again.end(signal.SIGKILL)  # and nothing outlives a supervisor that could not clean up
    assert not answers(url)
