"""The embedded servers of one data directory, as one thing to start and stop."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import chain
from pathlib import Path
from typing import TextIO

from chatsite.embedded import environment, field_keys, folders, process, redis
from chatsite.embedded.errors import StackError
from chatsite.embedded.keys import keys_of
from chatsite.embedded.mongod import Mongod, replica_set
from chatsite.embedded.postgres import Postgres
from chatsite.embedded.redis import Redis
from chatsite.embedded.service import Service

LOCK = "run/lock"


class Stack:
    """Starts the servers that `given` (the environment) does not name: a variable that is set, even to nothing, stands
    for a server of one's own, or, for REDIS_URL, for doing without."""

    def __init__(self, data_dir: Path, given: Mapping[str, str], *, durable: bool = True, members: int = 1) -> None:
        """Makes the folders; raises StackError when that fails or another stack runs in `data_dir` (absolute).

        `members`: how many servers MongoDB's replica set has.
        """
        self.folders = folders.prepare(data_dir)
        if field_keys.lost(data_dir, self.folders.servers, given):
            raise StackError(field_keys.advice(data_dir))
        self._lock = _lock(data_dir)
        self.keys = keys_of(data_dir)
        if not given.get(field_keys.VARIABLE):
            field_keys.make(data_dir)
        self.services: list[Service] = []
        if Postgres.variable not in given:
            self.services.append(Postgres(self.folders, self.keys, durable=durable))
        if Mongod.variable not in given:
            self.services += replica_set(self.folders, self.keys, members, durable=durable)
        if Redis.variable not in given and redis.available(self.folders):
            self.services.append(Redis(self.folders, self.keys, durable=durable))
        self.without_redis = Redis.variable not in given and not redis.available(self.folders)

    def start(self) -> None:
        """Start the servers side by side and wait until all answer. From the main thread. Raises StackError."""
        process.end_leftovers(self.folders)
        try:
            with ThreadPoolExecutor(len(self.services) or 1) as pool:
                preparing = {pool.submit(service.prepare): service for service in self.services}
                settling = []
                for prepared in as_completed(preparing):
                    prepared.result()
                    service = preparing[prepared]
                    service.child.spawn()
                    settling.append(pool.submit(service.settle))
                for settled in as_completed(settling):
                    settled.result()
        except BaseException:
            self.stop()
            raise
        environment.keep(self.folders.data, self.variables())

    def stop(self) -> None:
        """End the servers and let others have the directory."""
        process.end([service.child for service in self.services])
        self._lock.close()

    def variables(self) -> dict[str, str]:
        """What other processes need to use this stack."""
        addresses = [service.variables().items() for service in self.services]
        return {**dict(chain.from_iterable(addresses)), "SECRET_KEY": self.keys.derive("Django SECRET_KEY")}


def running(data_dir: Path) -> str | None:
    """The process that runs the servers of `data_dir`, None when there is none."""
    try:
        with (data_dir / LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
    except BlockingIOError:
        return (data_dir / LOCK).read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _lock(data_dir: Path) -> TextIO:
    """The directory for us alone, as long as the file is open; the kernel gives it back when we die."""
    file = (data_dir / LOCK).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = (data_dir / LOCK).read_text().strip()
        file.close()
        raise StackError(f"The servers of {data_dir} run already (process {owner}): stop that one first.") from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
