"""`manage.py doctor`: looks at everything the chat needs and says what to do where something is wrong."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chatsite.embedded import binaries, environment, field_keys, folders, installation, redis, site
from chatsite.embedded.errors import StackError
from chatsite.embedded.service import library_advice
from chatsite.embedded.stack import running
from chatsite.embedded.up import add_data_dir, say

RIGHTS = "PostgreSQL's roles, policies and rights are as declared"
PATIENCE = 30  # seconds a check may take
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class State(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, and what to do about it."""

    state: State
    text: str


Check = Callable[[Path], Iterator[Finding]]


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="manage.py doctor", description="Check what the chat needs on this machine, and say what to do."
    )
    options.add_argument("--port", type=int, default=8000, help="the port `up` is to listen on (default %(default)s)")
    add_data_dir(options)
    return options


def main(arguments: list[str]) -> int:
    """Print one line per check; returns 1 when something is wrong, else 0."""
    options = parser().parse_args(arguments)
    data_dir = Path(options.data_dir).resolve()
    wrong = 0
    for check in (python, cpu, programs, directory, port(options.port), services, joining, browser):
        for finding in check(data_dir):
            say(f"{finding.state:<6} {finding.text}")
            wrong += finding.state is State.WRONG
    return 1 if wrong else 0


def python(data_dir: Path) -> Iterator[Finding]:
    """The version of Python, and the requirements."""
    yield Finding(State.GOOD, f"Python {sys.version.split()[0]} in {sys.prefix}")
    if installation.TESTS.exists() and (lacking := installation.lacking(installation.TESTS)):
        tools = ", ".join(lacking)
        yield Finding(State.NOTE, f"Only for tests, missing: {tools}. `manage.py test` installs them into .venv.")


def cpu(data_dir: Path) -> Iterator[Finding]:
    """AVX, without which MongoDB does not start."""
    if binaries.has_avx():
        yield Finding(State.GOOD, "The CPU can run MongoDB")
    else:
        yield Finding(State.WRONG, "The CPU has no AVX, which MongoDB 5 and later need: set MONGODB_URL.")


def programs(data_dir: Path) -> Iterator[Finding]:
    """Whether the embedded servers' programs are there and find their libraries (OpenSSL 3, libcurl …)."""
    places = {
        "DATABASE_URL": binaries.in_wheels(f"{binaries.POSTGRES}/postgres"),
        "MONGODB_URL": binaries.on_path("mongod", binaries.MONGOD_VERSION) or binaries.in_wheels(binaries.MONGOD),
        "REDIS_URL": binaries.redis_program(),
    }
    for variable, program in places.items():
        if variable in os.environ:
            yield Finding(State.GOOD, f"{variable} names a server of your own")
        elif program is None:
            state = State.NOTE if variable == "REDIS_URL" else State.WRONG
            yield Finding(state, f"No embedded server for this platform: install one and set {variable}.")
        else:
            yield _starts(program)


def _starts(program: Path) -> Finding:
    if not os.access(program, os.X_OK):
        return Finding(State.GOOD, f"{program.name} is there, and is copied when needed")
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return Finding(
            State.WRONG, library_advice(program.name, done.stderr) or f"{program.name}: {done.stderr.strip()}"
        )
    return Finding(State.GOOD, done.stdout.splitlines()[0])


def directory(data_dir: Path) -> Iterator[Finding]:
    """The rights of the data directory, and the room left on its disk."""
    try:
        there = folders.prepare(data_dir)
    except StackError as error:
        yield Finding(State.WRONG, str(error))
        return
    if field_keys.lost(data_dir, there.servers, os.environ):
        yield Finding(State.WRONG, field_keys.advice(data_dir))
    for name in ("secret.key", field_keys.FILE, environment.FILE):
        file = data_dir / name
        if file.exists() and file.stat().st_mode & 0o077:
            yield Finding(State.WRONG, f"{file} can be read by others: chmod 600 {file}")
    free = shutil.disk_usage(data_dir).free
    yield Finding(State.GOOD, f"{data_dir} can be written, {free / (1 << 30):.1f} GiB free")


def port(number: int) -> Check:
    """Whether the port is free, unless our own site is there."""

    def check(data_dir: Path) -> Iterator[Finding]:
        owner = running(data_dir)
        try:
            site.listen("127.0.0.1", number).close()
        except StackError as error:
            yield Finding(State.NOTE if owner else State.WRONG, str(error))
        else:
            yield Finding(State.GOOD, f"Port {number} is free")

    return check


def services(data_dir: Path) -> Iterator[Finding]:
    """Whether the databases answer and are in step with the code."""
    variables = {**environment.load(data_dir), **os.environ, "CHAT_DATA_DIR": str(data_dir)}
    if not running(data_dir) and not {"DATABASE_URL", "MONGODB_URL"} <= os.environ.keys():
        yield Finding(State.NOTE, f"Nothing runs in {data_dir}: `manage.py up` starts it; ask again then for the rest.")
        return
    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(_asked, "PostgreSQL answers, migrations are applied", variables, "migrate", "--check"),
            pool.submit(_asked, RIGHTS, variables, "bootstrap", "--check"),
            pool.submit(_asked, "MongoDB answers, its collections are as declared", variables, "syncmongo", "--check"),
        ]
        for answer in answers:
            yield answer.result()
    yield _redis(variables.get("REDIS_URL", ""))


def _asked(good: str, variables: dict[str, str], *command: str) -> Finding:
    ask = [sys.executable, str(site.MANAGE), *command]
    try:
        done = subprocess.run(ask, env=variables, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Finding(State.WRONG, f"`manage.py {' '.join(command)}` did not end within {PATIENCE} s.")
    if done.returncode == 0:
        return Finding(State.GOOD, good)
    said = (done.stderr.strip() or done.stdout.strip() or "not in step").splitlines()
    if refused := [line.strip() for line in said if line.lstrip().startswith(("?: (chat.E", "HINT: "))]:
        return Finding(State.WRONG, " ".join(refused))
    return Finding(
        State.WRONG, f"`manage.py {' '.join(command)}`: {said[-1]}. `manage.py prepare` brings both in step."
    )


def _redis(url: str) -> Finding:
    if not url:
        return Finding(State.NOTE, "No Redis: one web process, sessions in PostgreSQL.")
    if not redis.answers(url):
        return Finding(State.WRONG, "Redis does not answer: look at REDIS_URL, or at log/redis.log.")
    return Finding(State.GOOD, "Redis answers")


def joining(data_dir: Path) -> Iterator[Finding]:
    """How people come in, and whether mail reaches them."""
    how = os.environ.get("CHAT_SIGNUP") or "closed"
    if how == "closed":
        yield Finding(State.NOTE, "Sign-up is closed: CHAT_SIGNUP opens it (open, invite or approval).")
    else:
        yield Finding(State.GOOD, f"CHAT_SIGNUP={how}")
    if "EMAIL_URL" not in os.environ:
        yield Finding(State.NOTE, "No EMAIL_URL: nobody proves an address, and the staff hand out links for passwords.")


def browser(data_dir: Path) -> Iterator[Finding]:
    """A Chromium for the tests in browsers."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        yield Finding(State.GOOD, f"Browser for the tests: {found}")
    else:
        yield Finding(State.NOTE, "Only for tests in browsers: no Chromium. apt-get install chromium-headless-shell")
