"""`manage.py bench`. Django is loaded only in the processes it starts, so it needs no settings and touches no data."""

from __future__ import annotations

import argparse
import platform
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatsite.embedded import site, supervisor
from chatsite.embedded.errors import StackError
from chatsite.embedded.up import say
from chatsite.management.bench import comparisons, limits, processes, report, rights, startup
from chatsite.management.bench.comparisons import SIZES
from chatsite.management.bench.laboratory import laboratory
from chatsite.management.bench.report import Result

USUAL = ("room", "pairs", "idle", "startup")
TITLES = {**comparisons.TITLES, startup.NAME: startup.TITLE, rights.NAME: rights.TITLE}
ALL = "all"


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="manage.py bench",
        description="Measure what the chat costs against a floor in the same run: a bare websocket server that stores "
        "each message durably and broadcasts it. Starts servers of its own; your data is not touched.",
        epilog="\n".join(f"{name:12}{title}" for name, title in TITLES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = f"{', '.join(TITLES)}, or {ALL} but {SIZES} (default: {' '.join(USUAL)})"
    options.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=names)
    options.add_argument("--server", choices=list(site.SERVERS), default="daphne", help="default %(default)s")
    options.add_argument("--seconds", type=float, default=10.0, help="of each steady window (default %(default)s)")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options.add_argument("--plot", type=Path, metavar="FILE.png", help=f"measure {SIZES} as well, and draw them there")
    return options


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code: 1 when a limit was not kept. Raises StackError."""
    options = parser().parse_args(arguments)
    names = _names(options.scenarios, with_sizes=options.plot is not None)
    if unknown := [name for name in names if name not in TITLES]:
        raise StackError(f"There is no scenario {', '.join(unknown)}. There are {', '.join(TITLES)}.")
    results: list[Result] = []
    circumstances = _circumstances(options.server)
    say("\n".join(f"{name}: {text}" for name, text in circumstances.items()))
    try:
        with supervisor.stoppable(), _many_sockets():
            for result in _results(names, options.server, options.seconds):
                results.append(result)
                say("\n" + report.table(result))
    except supervisor.Stop:
        say("Stopped")
        return 1
    encoded = report.encoded(results, circumstances)
    if options.json is not None:
        options.json.write_bytes(encoded)
    if options.plot is not None:
        _draw(options.plot, encoded)
    broken = [f"{one.scenario}: {name}" for one in results for name in one.broken]
    if broken:
        print("\nBeyond their limits: " + "; ".join(broken), file=sys.stderr)
    return 1 if broken else 0


def _results(names: list[str], server: str, seconds: float) -> Iterator[Result]:
    """One after the other, each as soon as it is there."""
    if startup.NAME in names:  # first: before the laboratory's servers take their share of the machine
        figures = startup.measure(server, seconds)
        yield Result(startup.NAME, startup.TITLE, server, figures, limits=limits.STARTUP)
    inside = [name for name in names if name in comparisons.TITLES]
    if not inside and rights.NAME not in names:
        return
    with laboratory() as lab:
        if rights.NAME in names:  # while there is nobody else
            yield rights.measure(lab, seconds)
        for name in inside:
            yield from comparisons.results(name, comparisons.comparisons(name, server), seconds, lab)


def _names(asked: list[str], *, with_sizes: bool) -> list[str]:
    """What to measure, each once."""
    every = [name for name in TITLES if name != SIZES]
    names = [name for one in asked or USUAL for name in (every if one == ALL else [one])]
    return list(dict.fromkeys([*names, *([SIZES] if with_sizes else ())]))


def _draw(file: Path, encoded: bytes) -> None:
    """In a process of its own: what draws is large, and installed for tests and the bench only."""
    command = [sys.executable, "-m", "chatsite.management.bench.plot", str(file.absolute())]
    done = subprocess.run(command, input=encoded, cwd=site.BASE_DIR, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise StackError(f"Drawing {file} failed:\n{done.stderr.decode(errors='replace')}")


def _circumstances(server: str) -> dict[str, str]:
    servers, clients = processes.cores()
    apart = "the same one, for there is no other" if servers == clients else f"core {clients}"
    return {
        "Measured": f"one {server} process, the floor in the same run; CPU of all servers, databases included",
        "Cores": f"all servers on core {servers}, clients on {apart}; two web processes: servers and clients on both",
        "Machine": f"{platform.machine()}, Python {platform.python_version()}; only the ratios hold elsewhere",
    }


@contextmanager
def _many_sockets() -> Iterator[None]:
    """Lets us and what we start have as many open files as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
