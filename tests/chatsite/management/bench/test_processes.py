import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatsite.management.bench import processes
from chatsite.management.bench.processes import TICK

STAT = "4711 (a (very) odd name) S 42 1 1 0 -1 4194304 100 0 0 0 250 50 7 3 20 0 4 0 12345 1000 200"
SMAPS = "00400000-7ffd [rollup]\nRss:            2048 kB\nPss:             512 kB\nPss_Anon:        100 kB\n"
BUSY = "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 10 50 9000 70 1 2 3 5 0\ncpu1 1 1 1 1 1 1 1 1 0 0\n"


def test_a_line_of_stat_gives_parent_and_cpu_also_of_ended_children() -> None:
    stat = processes.parse_stat(STAT)
    assert stat.parent == 42
    assert stat.cpu == pytest.approx(310 * TICK)


def test_pss_is_the_line_of_that_name() -> None:
    assert processes.parse_pss(SMAPS) == 512


def test_a_core_is_busy_but_when_idle_or_waiting() -> None:
    assert processes.parse_busy(BUSY, 0) == pytest.approx(166 * TICK)


def test_cpu_and_memory_of_this_process_and_its_child() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert processes.family(os.getpid()) >= {os.getpid(), child.pid}
        assert processes.pss(os.getpid()) > processes.pss_alone(os.getpid()) > 1024
        child.communicate(b"\n")
    before = processes.cpu(os.getpid())
    until = time.process_time() + 5 * TICK
    while time.process_time() < until:
        pass
    assert processes.cpu(os.getpid()) > before


def test_pinning_ends_with_its_block() -> None:
    before = os.sched_getaffinity(0)
    servers, clients = processes.cores()
    with processes.pinned({servers}):
        assert os.sched_getaffinity(0) == {servers}
    assert os.sched_getaffinity(0) == before >= {servers, clients}


def test_a_process_and_all_its_threads_are_moved_and_moved_back() -> None:
    _, core = processes.cores()
    sleeper = "import threading; threading.Thread(target=input).start(); print(flush=True)"
    with subprocess.Popen([sys.executable, "-c", sleeper], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        before = affinities(child.pid)
        assert len(before) == 2
        with processes.moved([child.pid], {core}):
            assert affinities(child.pid) == [{core}, {core}]
        assert affinities(child.pid) == before
        child.communicate(b"\n")


def affinities(pid: int) -> list[set[int]]:
    return [os.sched_getaffinity(int(entry.name)) for entry in Path(f"/proc/{pid}/task").iterdir()]
