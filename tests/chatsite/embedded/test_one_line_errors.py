"""What can go wrong at the start is one line with its remedy, never a traceback."""

from __future__ import annotations

import ast
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chatsite.embedded import binaries, folders, site
from chatsite.embedded.errors import StackError

WITHOUT_VENV = """
import runpy, sys
sys.modules["venv"] = None
sys.argv = ["manage.py", "up"]
runpy.run_path("manage.py", run_name="__main__")
"""


def said_by(*command: str | Path, cwd: Path = site.BASE_DIR) -> str:
    """The one line a command that fails prints to standard error."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=cwd, timeout=60)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = said_by("manage.py", "up", "--port", port, "--data-dir", tmp_path / "data")
    assert said == f"Port {port} is taken: stop what listens there or choose another with --port.\n"
    assert not (tmp_path / "data").exists(), "nothing was started"


def test_an_unwritable_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    data_dir = tmp_path / "file" / "data"
    said = said_by("manage.py", "services", "--data-dir", data_dir)
    assert said.startswith(f"Cannot write to {data_dir}: ")
    assert "--data-dir" in said


def test_a_python_without_venv(tmp_path: Path) -> None:
    shutil.copy(site.MANAGE, tmp_path)
    shutil.copy(site.BASE_DIR / "requirements.txt", tmp_path)
    shutil.copytree(site.BASE_DIR / "chatsite" / "embedded", tmp_path / "chatsite" / "embedded")
    said = said_by("-S", "-c", WITHOUT_VENV, cwd=tmp_path)
    assert "apt-get install python3-venv" in said


def test_manage_can_be_read_by_a_python_too_old_to_run_it() -> None:
    ast.parse(site.MANAGE.read_text(), feature_version=(3, 7))


@pytest.mark.parametrize(("flags", "fits"), [("fpu sse4_2 avx avx2", True), ("fpu sse4_2", False)])
def test_a_cpu_without_avx_is_recognised(tmp_path: Path, flags: str, fits: bool) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t:\n")
    assert binaries.has_avx(cpuinfo, machine="x86_64") is fits
    assert binaries.has_avx(cpuinfo, machine="aarch64")


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "ROOM_NEEDED", 1 << 60)
    with pytest.raises(StackError, match="The disk is full"):
        folders.prepare(folder / "data")


def test_several_processes_without_redis(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    said = said_by("manage.py", "up", "--port", "0", "--processes", "2", "--data-dir", folder / "data")
    assert "Several processes need Redis" in said
