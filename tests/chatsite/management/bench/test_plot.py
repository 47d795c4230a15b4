import struct
import subprocess
import sys
from pathlib import Path

import msgspec

from chatsite.management.bench import report
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.limits import PER_DELIVERIES, PER_REQUEST
from chatsite.management.bench.plot import Measured, Report
from chatsite.management.bench.report import Result

SERIES = {PER_DELIVERIES: (10, 30, 100, 300), PER_REQUEST: (1_000, 10_000, 100_000, 1_000_000)}


def results() -> list[Result]:
    return [
        Result(
            "sizes", "", "daphne", [Figure(series, "ms", 5.0)], [Figure(series, "ms", 3.0)], series=series, size=size
        )
        for series, sizes in SERIES.items()
        for size in sizes
    ]


def test_the_plot_is_a_picture_of_readable_size(tmp_path: Path) -> None:
    file = tmp_path / "plot.png"
    command = [sys.executable, "-m", "chatsite.management.bench.plot", str(file)]
    subprocess.run(command, input=report.encoded(results(), {}), check=True)
    picture = file.read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == (1320, 576)
    assert 10_000 < len(picture) < 500_000


def test_it_reads_what_the_bench_writes() -> None:
    first, *_ = msgspec.json.decode(report.encoded(results(), {}), type=Report).results
    assert (first.subject, first.size) == ("daphne", 10)
    assert first.measured() == Measured(PER_DELIVERIES, 5.0, 3.0)
