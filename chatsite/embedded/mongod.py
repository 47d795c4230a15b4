"""MongoDB as a replica set, on the loopback address: transactions and majority writes need one, if only of one member.

The tests that kill servers have three members: the first is told of the others, and sets all of it up.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from chatsite.embedded import binaries
from chatsite.embedded.errors import StackError
from chatsite.embedded.folders import Folders
from chatsite.embedded.keys import Keys
from chatsite.embedded.process import Command
from chatsite.embedded.service import Service

REPLICA_SET, DATABASE, USER, ADMINISTRATOR = "chat", "chat", "chat", "administrator"
LOOPBACK = "127.0.0.1"
ROLES = [{"role": role, "db": DATABASE} for role in ("readWrite", "dbAdmin")]
ROLES_ANYWHERE = [{"role": role, "db": "admin"} for role in ("readWriteAnyDatabase", "dbAdminAnyDatabase")]
BASE_DIR = Path(__file__).resolve().parents[2]
ELECTION_AFTER = 10_000  # milliseconds, MongoDB's own default

# The quiet period before shutting down (15 s by default) is for drivers to find another member, and there is none.
PARAMETERS = {
    "diagnosticDataCollectionEnabled": "false",
    "shutdownTimeoutMillisForSignaledShutdown": "100",
}


class Mongod(Service):
    name, title = "mongod", "MongoDB"
    variable = "MONGODB_URL"
    port = 0

    def __init__(self, folders: Folders, keys: Keys, *, durable: bool = True, name: str = name) -> None:
        self.name = name
        super().__init__(folders, keys, durable=durable)
        self.members: Sequence[Mongod] = (self,)
        self.election_after = ELECTION_AFTER

    def prepare(self) -> None:
        self.folders.server_folder(self.name)
        self.port, self.moved = self._choose_port()
        key_file = self.data / "member.key"
        if not key_file.exists():
            key_file.touch(mode=0o600)
            key_file.write_text(self.keys.derive("mongod replica set key"))
        self.folders.own(key_file, 0o400)
        command: Command = [binaries.mongod(self.folders), "--dbpath", self.data, "--quiet"]
        command += ["--replSet", REPLICA_SET, "--oplogSize", "256", "--wiredTigerCacheSizeGB", "0.25"]
        command += ["--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"]
        command += ["--networkMessageCompressors", "disabled", "--noscripting"]
        command += ["--auth", "--keyFile", key_file]
        for name, value in PARAMETERS.items():
            command += ["--setParameter", f"{name}={value}"]
        if not self.durable:
            command += ["--wiredTigerEngineConfigString", "log=(prealloc=false)"]  # 200 MB less to write and remove
        self.child.command = command

    def _choose_port(self) -> tuple[int, bool]:
        """The port of the last time, or a free one when that is taken; and whether it is new to the replica set."""
        kept = self.data / "port"
        if kept.exists() and _free(port := int(kept.read_text())):
            return port, not (self.data / "initiated").exists()
        if kept.exists():
            print("MongoDB's port is taken: moving it, which can take half a minute.", flush=True)
        with socket.create_server((LOOPBACK, 0)) as any_free:
            port = any_free.getsockname()[1]
        (self.data / "initiated").unlink(missing_ok=True)
        kept.write_text(str(port))
        return port, True

    def settle(self) -> None:
        self.wait_until(lambda: all(one.listens() for one in self.members))
        if self is not self.members[0] or not any(one.moved for one in self.members):
            return  # they elect one of themselves; clients wait for that
        order = {
            "hosts": [one.host for one in self.members],
            "replica_set": REPLICA_SET,
            "election_after": self.election_after,
            "administrator": {"name": ADMINISTRATOR, "password": self._password(ADMINISTRATOR)},
            "user": {"name": USER, "password": self._password(USER)},
            "roles": ROLES if self.durable else ROLES_ANYWHERE,
        }
        command = [sys.executable, "-m", "chatsite.embedded.member"]
        done = subprocess.run(
            command, input=json.dumps(order), capture_output=True, text=True, cwd=BASE_DIR, check=False
        )
        if done.returncode != 0:
            raise StackError(f"MongoDB could not be set up: {done.stderr.strip().splitlines()[-1]}")
        for one in self.members:
            (one.data / "initiated").touch()

    def listens(self) -> bool:
        """Whether it takes connections; not before it knows its port."""
        with socket.socket() as probe:
            return self.port != 0 and probe.connect_ex((LOOPBACK, self.port)) == 0

    @property
    def host(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        hosts = ",".join(one.host for one in self.members)
        return f"mongodb://{USER}:{self._password(USER)}@{hosts}/{DATABASE}?replicaSet={REPLICA_SET}&authSource=admin"

    def _password(self, user: str) -> str:
        return self.keys.derive(f"mongod user {user}")


def replica_set(folders: Folders, keys: Keys, members: int, *, durable: bool = True) -> list[Mongod]:
    """The servers of a set of so many members."""
    names = ["mongod", *(f"mongod-{number}" for number in range(2, members + 1))]
    servers = [Mongod(folders, keys, durable=durable, name=name) for name in names]
    for one in servers:
        one.members = servers
    return servers


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
