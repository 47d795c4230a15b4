"""PostgreSQL 18 over a unix socket: the roles of `chatsite.postgres.roles`, the database `chat`, its schema."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Mapping
from urllib.parse import quote

from chatsite.embedded import binaries, environment
from chatsite.embedded.process import Command
from chatsite.embedded.service import Service
from chatsite.postgres import roles

DATABASE, SUPERUSER = "chat", "postgres"

# A small server: about 30 MiB idle. io_method=sync spares the three I/O processes of PostgreSQL 18, no logical
# replication spares its launcher.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

LOG_IN = (roles.OWNER, roles.WEB, roles.BACKUP, roles.RO)


def setting_up(passwords: Mapping[str, str]) -> str:
    """What `psql` makes of a new server, or of one of an earlier version: the roles, the database, its schema."""
    words = [*roles.statements(roles.OWNER, missing=True), f"ALTER ROLE {roles.OWNER} LOGIN CREATEDB"]
    words += [f"ALTER ROLE {name} PASSWORD '{password}'" for name, password in passwords.items()]
    words += [f"ALTER ROLE {name} SET search_path = {roles.SCHEMA}" for name in (roles.OWNER, SUPERUSER)]
    return ";\n".join([*words, DATABASES])


# All names are constants.
DATABASES = f"""
SELECT 'CREATE DATABASE {DATABASE} OWNER {roles.OWNER}'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
\\connect {DATABASE}
CREATE SCHEMA IF NOT EXISTS {roles.SCHEMA} AUTHORIZATION {roles.OWNER};
"""  # noqa: S608


class Postgres(Service):
    name, title = "postgres", "PostgreSQL"
    variable = "DATABASE_URL"

    def prepare(self) -> None:
        self.programs = binaries.postgres(self.folders)
        if not self.data.exists():
            self._init()
        settings = SETTINGS if self.durable else SETTINGS | THROW_AWAY
        self.child.command = [self.programs / "postgres", "-D", self.data, "-k", self.folders.sockets]
        self.child.command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.child.end_signal = signal.SIGINT  # fast shutdown: ends sessions, writes a checkpoint

    def _init(self) -> None:
        new = self.folders.servers / "postgres.new"  # renamed when whole: an interrupted initdb starts afresh
        shutil.rmtree(new, ignore_errors=True)
        password = self.folders.servers / "postgres.password"
        password.touch(mode=0o600)
        self.folders.own(password, 0o600)
        password.write_text(self._password(SUPERUSER))
        command: Command = [self.programs / "initdb", "-D", new, "--username", SUPERUSER, "--pwfile", password]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        self.run(command if self.durable else [*command, "--no-sync"])
        password.unlink()
        new.rename(self.data)

    def settle(self) -> None:
        self.wait_until(self._answers)
        self.tell(setting_up({role: self._password(role) for role in LOG_IN}), within=SUPERUSER)

    def tell(self, sql: str, *, within: str = DATABASE) -> None:
        """Has psql carry this out as the superuser, in the database `within`. Raises StackError."""
        psql: Command = [self.programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folders.sockets]
        psql += ["-U", SUPERUSER, "-d", within]
        self.run(psql, stdin=sql, PGPASSWORD=self._password(SUPERUSER), PGOPTIONS="-c client_min_messages=warning")

    def _answers(self) -> bool:
        ask: Command = [self.programs / "pg_isready", "-q", "-h", self.folders.sockets]
        return subprocess.run(ask, env=self.clean_environment(), check=False).returncode == 0

    @property
    def url(self) -> str:
        return self.url_of(roles.WEB)

    def variables(self) -> dict[str, str]:
        return {**super().variables(), environment.OWNER: self.url_of(roles.OWNER)}

    def url_of(self, role: str) -> str:
        """The address under which this role logs in."""
        # The path of the socket's folder before the database's name, as django-environ reads it.
        return f"postgres://{role}:{self._password(role)}@/{quote(str(self.folders.sockets))}/{DATABASE}"

    def _password(self, role: str) -> str:
        return self.keys.derive(f"postgres role {role}")
