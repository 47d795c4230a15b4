"""Children that end, that do not want to, and that were left by others."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from chatsite.embedded import process, supervisor
from chatsite.embedded.folders import Folders
from chatsite.embedded.process import Child

DEAF = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = Folders(tmp_path, tmp_path, tmp_path, account=None)
    found.logs.mkdir()
    found.pids.mkdir()
    return found


def heard(child: Child) -> None:
    while not child.last_lines():
        time.sleep(0.01)


def test_a_deaf_child_is_killed_in_time(folders: Folders) -> None:
    child = Child("deaf", DEAF, folders)
    child.spawn()
    heard(child)
    process.end([child], within=0.3)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL
    assert not child.pid_file.exists()


def test_what_an_earlier_run_left_is_ended(folders: Folders) -> None:
    child = Child("left", ["sleep", "60"], folders)
    child.spawn()
    assert process.end_leftovers(folders) == ["left"]
    assert child.process is not None
    assert child.process.wait(5) == -signal.SIGTERM


def test_somebody_elses_process_with_the_same_number_is_left_alone(folders: Folders) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        (folders.pids / "worker.pid").write_text(f"{other.pid} 1")
        assert process.end_leftovers(folders) == []
        assert other.poll() is None
        other.kill()


def test_a_large_log_is_put_aside(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_LIMIT", 10)
    child = Child("chatty", ["echo", "a line longer than the limit"], folders)
    for _ in range(2):
        child.spawn()
        assert child.process is not None
        child.process.wait(5)
    assert child.log.with_suffix(".log.1").exists()


def test_restarts_become_less_eager(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 2.0)
    child = Child("short", ["true"], folders)
    child.spawn()
    one = supervisor.Watched(child, pause=0.0, started=time.monotonic())
    child.wait_for_end(time.monotonic() + 5)
    said: list[str] = []
    pauses = []
    for one.pause in (0.5, 1.0, 2.0, 2.0):
        one.due = None
        pauses.append(supervisor._look_after(one, said.append))
    assert [round(pause or 0, 1) for pause in pauses] == [0.5, 1.0, 2.0, 2.0]
    assert one.pause == 2.0
    assert said[0].startswith("short ended (exit code 0), starting it again in 0.5 s.")
