"""Tells a mongod which replica set it begins, normally of itself alone, and makes the users.

A program of its own (`python -m chatsite.embedded.member`, the order as JSON on standard input), because the driver
would stay in the memory of the supervisor.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, TypedDict

from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure

PATIENCE = 60.0  # seconds until the member must know its configuration, and again until it must be primary
ALREADY_INITIALIZED, AUTHENTICATION_FAILED, NOT_YET_INITIALIZED = 23, 18, 94  # error codes of MongoDB


class User(TypedDict):
    name: str
    password: str


class Order(TypedDict):
    """What `introduce` needs to know: the members' addresses, ours first; `roles` are those of `user`."""

    hosts: list[str]
    replica_set: str
    election_after: int
    """milliseconds without a word from the primary until the others elect a new one"""
    administrator: User
    user: User
    roles: list[dict[str, str]]


def introduce(order: Order) -> None:
    """Make the first of `hosts` primary, with both users, and the others its members. Safe to repeat.

    The others join what is a set of one until then, so that one and three begin alike.
    """
    host = order["hosts"][0]
    client: MongoClient[dict[str, Any]] = MongoClient(host, directConnection=True, serverSelectionTimeoutMS=10_000)
    boss, user = order["administrator"], order["user"]
    if not _known(host, boss):
        _initiate(client, order["replica_set"], host)
        # Allowed without a password once, from this machine, as long as there is no user at all.
        client.admin.command("createUser", boss["name"], pwd=boss["password"], roles=["root"])
    client = _signed_in(host, boss)
    config = _await_config(client)
    if [member["host"] for member in config["members"]] != order["hosts"]:
        members = [{"_id": number, "host": one} for number, one in enumerate(order["hosts"])]
        changed = {**config, "members": members, "version": config["version"] + 1}
        changed["settings"] = {**config["settings"], "electionTimeoutMillis": order["election_after"]}
        client.admin.command("replSetReconfig", changed, force=True)
    _await_primary(client)
    found = client.admin.command("usersInfo", user["name"])["users"]
    verb = "updateUser" if found else "createUser"
    client.admin.command(verb, user["name"], pwd=user["password"], roles=order["roles"])


def _signed_in(host: str, user: User) -> MongoClient[dict[str, Any]]:
    return MongoClient(host, directConnection=True, username=user["name"], password=user["password"])


def _known(host: str, user: User) -> bool:
    try:
        _signed_in(host, user).admin.command("ping")
    except OperationFailure as error:
        if error.code != AUTHENTICATION_FAILED:
            raise
        return False
    return True


def _initiate(client: MongoClient[dict[str, Any]], name: str, host: str) -> None:
    try:
        client.admin.command("replSetInitiate", {"_id": name, "members": [{"_id": 0, "host": host}]})
    except OperationFailure as error:
        if error.code != ALREADY_INITIALIZED:
            raise
    _await_primary(client)


def _await_config(client: MongoClient[dict[str, Any]]) -> dict[str, Any]:
    """The configuration it has stored. A member that moved first greets its old address to see whether that is itself,
    which takes half a minute when somebody silent listens there now; then it hangs up on everybody once."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found: dict[str, Any] = client.admin.command("replSetGetConfig")["config"]
        except AutoReconnect:
            pass
        except OperationFailure as error:
            if error.code != NOT_YET_INITIALIZED:
                raise
        else:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"no configuration after {PATIENCE:.0f} s")
        time.sleep(0.05)


def _await_primary(client: MongoClient[dict[str, Any]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not client.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not primary after {PATIENCE:.0f} s")
        time.sleep(0.02)


if __name__ == "__main__":
    introduce(json.load(sys.stdin))
