"""`manage.py bench`. Django is loaded only in the processes it starts, so it needs no settings and touches no data."""

from __future__ import annotations

import argparse
import platform
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatsite.embedded import site, supervisor
from chatsite.embedded.errors import StackError
from chatsite.embedded.up import say
from chatsite.management.bench import report
from chatsite.management.bench.laboratory import Laboratory, laboratory
from chatsite.management.bench.report import Result
from chatsite.management.bench.scenarios import SCENARIOS
from chatsite.management.bench.subjects import FLOOR

USUAL = ("room", "pairs", "idle")


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    options = argparse.ArgumentParser(
        prog="manage.py bench",
        description="Measure what the chat costs against a floor in the same run: a bare websocket server that stores "
        "each message durably and broadcasts it. Starts servers of its own; your data is not touched.",
        epilog="\n".join(f"{name:12}{one.title}" for name, one in SCENARIOS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help=f"{', '.join(SCENARIOS)} (default: {' '.join(USUAL)})"
    )
    options.add_argument("--server", choices=site.SERVERS, default="daphne", help="ASGI server (default %(default)s)")
    options.add_argument("--seconds", type=float, default=10.0, help="of each steady window (default %(default)s)")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    return options


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit code: 1 when a limit was not kept. Raises StackError."""
    options = parser().parse_args(arguments)
    names = options.scenarios or list(USUAL)
    if unknown := [name for name in names if name not in SCENARIOS]:
        raise StackError(f"There is no scenario {', '.join(unknown)}. There are {', '.join(SCENARIOS)}.")
    results = []
    try:
        with supervisor.stoppable(), _many_sockets(), laboratory() as lab:
            circumstances = _circumstances(lab, options.server)
            say("\n".join(f"{name}: {text}" for name, text in circumstances.items()))
            for name in names:
                results.append(_result(lab, name, options.server, options.seconds))
                say("\n" + report.table(results[-1]))
    except supervisor.Stop:
        say("Stopped")
        return 1
    if options.json is not None:
        options.json.write_bytes(report.encoded(results, circumstances))
    broken = [f"{one.scenario}: {name}" for one in results for name in one.broken]
    if broken:
        print("\nBeyond their limits: " + "; ".join(broken), file=sys.stderr)
    return 1 if broken else 0


def _result(lab: Laboratory, name: str, server: str, seconds: float) -> Result:
    scenario = SCENARIOS[name]
    ours, floor = (scenario.figures(lab.measure(name, subject, seconds)) for subject in (server, FLOOR))
    return Result(name, scenario.title, server, ours, floor)


def _circumstances(lab: Laboratory, server: str) -> dict[str, str]:
    servers, clients = (", ".join(map(str, sorted(core))) for core in (lab.server_core, lab.client_core))
    apart = "the same one, for there is no other" if servers == clients else f"core {clients}"
    return {
        "Measured": f"one {server} process, the floor in the same run; CPU of all servers, databases included",
        "Cores": f"all servers on core {servers}, clients on {apart}",
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
