"""Where a stack lives: its data, its servers' data, sockets and logs, and as whom the servers run."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chatsite.embedded.errors import StackError

SOCKET_PATH_LIMIT = 107  # bytes, sun_path of Linux less its NUL
LONGEST_SOCKET = "/.s.PGSQL.5432"
ROOM_NEEDED = 600 * 1024 * 1024  # bytes: fresh servers take about 400 MiB with their journals
SERVER_USER = "nobody"


@dataclass(frozen=True)
class Account:
    """The unprivileged account the servers run as when the stack is started by root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Folders:
    data: Path
    """What the caller named: keys, environment, logs, static files, media."""
    servers: Path
    """The servers' data, 0700, owned by whom they run as; normally `data / "servers"`."""
    sockets: Path
    """Unix sockets, 0700; normally `servers / "run"`, elsewhere when that path is too long."""
    account: Account | None
    """Whom the servers run as; None: as ourselves."""

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def pids(self) -> Path:
        return self.data / "run"

    def own(self, path: Path, mode: int) -> Path:
        """Give `path` to the servers' account with `mode`; returns it."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        path.chmod(mode)
        return path

    def server_folder(self, name: str) -> Path:
        """The folder of one server below `servers`, made 0700 at the first call."""
        folder = self.servers / name
        folder.mkdir(exist_ok=True)
        return self.own(folder, 0o700)


def prepare(data_dir: Path) -> Folders:
    """Make the folders of a stack in `data_dir` (an absolute path), as far as they are not there yet.

    Raises StackError when the directory cannot be written or the disk is full.
    """
    account = _account()
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            # The servers' account must pass through; what is inside guards itself.
            data_dir.chmod(0o711 if account else 0o700)
        for name in ("log", "run"):
            (data_dir / name).mkdir(mode=0o700, exist_ok=True)
        servers = _servers(data_dir, account)
        sockets = _sockets(servers, account)
    except OSError as error:
        raise StackError(
            f"Cannot write to {data_dir}: {error.strerror}. Name another directory with --data-dir or CHAT_DATA_DIR."
        ) from error
    folders = Folders(data_dir, servers, sockets, account)
    for folder in (servers, sockets):
        folders.own(folder, 0o700)
    _need_room(servers)
    return folders


def passable(path: Path, account: Account) -> bool:
    """Whether `account` may pass through every folder above `path`."""
    return all(_may(folder, account, 0o1) for folder in path.parents)


def usable(path: Path, account: Account | None) -> bool:
    """Whether the servers' account (None: we) may read and execute the file `path`."""
    if account is None:
        return os.access(path, os.R_OK | os.X_OK)
    return passable(path, account) and _may(path, account, 0o5)


def _may(path: Path, account: Account, bits: int) -> bool:
    found = path.stat()
    shift = 6 if found.st_uid == account.uid else 3 if found.st_gid == account.gid else 0
    return (found.st_mode >> shift) & bits == bits


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError as error:
        raise StackError(f"Started as root, but there is no user {SERVER_USER} to run the servers as.") from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _servers(data_dir: Path, account: Account | None) -> Path:
    pointer = data_dir / "servers.path"  # written once, so that the data is found again when the directory is renamed
    if pointer.exists():
        folder = Path(pointer.read_text().strip())
    elif account is None or passable(data_dir / "servers", account):
        folder = data_dir / "servers"
    else:
        folder = Path("/var/lib") / f"chat-{_short(data_dir)}"
        print(f"{account.name} cannot pass through {data_dir}: the databases are kept in {folder}.", flush=True)
        pointer.write_text(f"{folder}\n")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _sockets(servers: Path, account: Account | None) -> Path:
    folder = servers / "run"
    if len(os.fsencode(folder)) + len(LONGEST_SOCKET) > SOCKET_PATH_LIMIT:
        folder = Path(tempfile.gettempdir()) / f"chat-{_short(servers)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    # The name below /tmp can be guessed: somebody else's folder or a link would hand them our sockets.
    if folder.is_symlink() or found.st_uid not in {os.geteuid(), account.uid if account else os.geteuid()}:
        raise StackError(f"{folder} belongs to somebody else: remove it.")
    return folder


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _need_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    fresh = not any(folder.glob("*/*"))
    needed = ROOM_NEEDED if fresh else ROOM_NEEDED // 6
    if free < needed:
        raise StackError(
            f"The disk is full: {free >> 20} MiB free in {folder}, {needed >> 20} MiB needed. "
            "Free some space or name another directory with --data-dir."
        )
