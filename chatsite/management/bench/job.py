"""What passes between the bench and its child processes, as JSON on their pipes."""

from __future__ import annotations

from typing import Any

import msgspec


class Needs(msgspec.Struct, frozen=True):
    """People by number from 0, and who of them shares which conversation."""

    people: int
    groups: list[list[int]] = []
    pairs: list[tuple[int, int]] = []
    archive: int = 0
    """messages that each pair has exchanged already"""
    searched: bool = False
    """whether these are in the index of search"""
    crowd: int = 0
    """people who are there besides, and do nothing"""


class Prepared(msgspec.Struct, frozen=True):
    """Session keys in the order of the people; conversation ids (hex) in the order asked for."""

    sessions: list[str]
    groups: list[str]
    pairs: list[str]
    seconds: float = 0.0
    """that it took to make them"""


class Seat(msgspec.Struct, frozen=True):
    """One socket to open: the headers it signs in with, and the conversations its client has open."""

    headers: dict[str, str]
    conversations: list[str]


class Job(msgspec.Struct, frozen=True):
    """What the clients' process is to do, against which server."""

    scenario: str
    """the name of its class"""
    sizes: dict[str, Any]
    """the fields of that class"""
    host: str
    port: int
    seats: list[Seat]
    seconds: float
    """of the steady window"""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the clients saw. Latencies are from before sending to after receiving, in milliseconds."""

    seconds: float = 0.0
    """the length of the window in which deliveries, messages and latencies were counted"""
    messages: int = 0
    """sent in the window, or, where each waits for the one before, received; of pages, those that came"""
    deliveries: int = 0
    latencies: dict[str, float] = {}
    """p50, p95, p99, max"""
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    unanswered: int = 0
    """sends without an ack (ours only: the floor has none)"""
    refused: list[str] = []
    """errors and closed sockets, in words; at most ten"""
    times: dict[str, float] = {}
    """other durations of the scenario, in seconds"""


class Mark(msgspec.Struct, frozen=True):
    """The clients reached this point: the costs up to here are read now."""

    mark: str
