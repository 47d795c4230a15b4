"""Who takes part in a test, as asked for and as made; JSON on the pipes of `tests.faults.people`."""

from __future__ import annotations

import msgspec


class Needs(msgspec.Struct, frozen=True):
    """People by number from 0, and who of them shares which conversation."""

    people: int
    groups: list[list[int]] = []
    pairs: list[tuple[int, int]] = []


class Person(msgspec.Struct, frozen=True):
    """Someone with an account, and two ways in: a browser's session and a client's access token (of ten minutes)."""

    id: str
    username: str
    session: str
    token: str


class Prepared(msgspec.Struct, frozen=True):
    """People and conversation ids (hex) in the order asked for."""

    people: list[Person]
    groups: list[str]
    pairs: list[str]
