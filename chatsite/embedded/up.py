"""`manage.py up`: everything from one command. Django is not loaded here, only in the processes started."""

from __future__ import annotations

import argparse
import os
import socket
import time
from pathlib import Path

from chatsite.embedded import process, site, supervisor
from chatsite.embedded.errors import StackError
from chatsite.embedded.fingerprint import Stamp
from chatsite.embedded.process import Child
from chatsite.embedded.stack import Stack

PATIENCE = 120.0  # seconds until the site must answer
SITE_MAY_TAKE = 2.5  # seconds to end, for the web processes and again for the worker; with the servers 10 in all


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="manage.py up", description="Start the chat: databases, web processes, job worker. Ctrl-C stops all."
    )
    options.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    options.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
    add_data_dir(options)
    options.add_argument("--processes", type=_positive, default=1, metavar="N", help="web processes (default 1)")
    options.add_argument(
        "--server", choices=list(site.SERVERS), default="daphne", help="ASGI server (default %(default)s)"
    )
    options.add_argument("--demo", action="store_true", help="add a cast of people and a week of their conversations")
    return options


def add_data_dir(options: argparse.ArgumentParser) -> None:
    """The option that all commands around the stack share."""
    default = os.environ.get("CHAT_DATA_DIR") or str(site.BASE_DIR / "var")
    options.add_argument(
        "--data-dir", default=default, help="where everything is kept (default CHAT_DATA_DIR, or var/)"
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def main(arguments: list[str]) -> int:
    """Run until told to stop; returns the exit code. Raises StackError."""
    options = parser().parse_args(arguments)
    if options.server == "daphne" and ":" in options.host:
        raise StackError("daphne cannot share an IPv6 socket: use --server uvicorn, or an IPv4 address.")
    stack, children = None, list[Child]()
    try:
        with supervisor.stoppable():
            start = time.monotonic()
            listener = site.listen(options.host, options.port)
            stack = Stack(Path(options.data_dir).resolve(), os.environ)
            say_what_is_missing(stack, options.processes)
            stack.start()
            say(f"{_names(stack)} running ({time.monotonic() - start:.1f} s)")
            children = _start_site(stack, listener, options)
            say(f"The chat is ready ({time.monotonic() - start:.1f} s): {site.address(listener)}")
            say(f"Data in {stack.folders.data}, logs in {stack.folders.logs}. Ctrl-C stops everything.")
            supervisor.watch([*(service.child for service in stack.services), *children], say)
    except supervisor.Stop:
        say("Stopping")
    finally:
        process.end([child for child in children if child.name != "worker"], within=SITE_MAY_TAKE)
        process.end([child for child in children if child.name == "worker"], within=SITE_MAY_TAKE)
        if stack:
            stack.stop()
    return 0


def _start_site(stack: Stack, listener: socket.socket, options: argparse.Namespace) -> list[Child]:
    """Prepare, start the web processes and the worker, wait until the site answers. Raises StackError."""
    variables: dict[str, str] = {**stack.variables(), "CHAT_PROCESSES": str(options.processes)}
    if options.demo:
        variables["CHAT_SIGNUP"] = "open"  # to try out; what the environment says goes first
    preparing = site.preparation(stack.folders, variables, demo=options.demo)
    stamp = Stamp(stack.folders.data, variables)
    web = site.web(stack.folders, variables, listener, options.server, options.processes)
    worker = site.worker(stack.folders, variables)
    try:
        unchanged = stamp.matches() and not options.demo
        if not unchanged:
            _prepare(preparing, stamp)
        for child in web:
            child.spawn()
        _await_answer(listener, web)
        if unchanged:
            _prepare(preparing, stamp)  # it only looks, so the site may answer before
        worker.spawn()
    except BaseException:
        process.end([preparing, worker, *web])
        raise
    return [*web, worker]


def _prepare(preparing: Child, stamp: Stamp) -> None:
    preparing.spawn()
    assert preparing.process is not None
    if preparing.process.wait() != 0:
        raise StackError(f"Preparing the databases failed. {preparing.log} ends with:\n{preparing.last_lines()}")
    preparing.pid_file.unlink(missing_ok=True)
    stamp.keep()


def _await_answer(listener: socket.socket, children: list[Child]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not site.ready(listener):
        for child in children:
            if not child.alive():
                raise StackError(f"{child.name} did not start. {child.log} ends with:\n{child.last_lines()}")
        if time.monotonic() > deadline:
            raise StackError(f"The site does not answer after {PATIENCE:.0f} s. See {children[0].log}.")
        time.sleep(0.05)


def say_what_is_missing(stack: Stack, processes: int) -> None:
    """One line when Redis cannot be had here. Raises StackError when several processes would need it."""
    if stack.without_redis:
        say("No Redis for this Python in the wheels and none on PATH: going on without it (one process only).")
    if processes > 1 and (stack.without_redis or os.environ.get("REDIS_URL") == ""):
        raise StackError("Several processes need Redis between them: install redis-server or set REDIS_URL.")


def say(text: str) -> None:
    """A line for the terminal, at once."""
    print(text, flush=True)


def _names(stack: Stack) -> str:
    return ", ".join(service.title for service in stack.services) or "Servers of your own"
