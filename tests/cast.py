"""The cast of every test: ada (owner), ben (member), cleo (blocked), dora (staff) and eve, the stranger.

Hashing a password with Argon2 for each of them in each test would take longer than most tests: the hash is made once,
and passwords that tests set and enter are hashed lightly. A test whose subject that is asks for `earnest_hashing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
from django.contrib.auth.hashers import make_password

from accounts.hashers import Argon2
from accounts.models import Profile, User
from accounts.services import registration
from chatsite.cache import forget_counts
from chatsite.memory import Memory
from messaging.documents import Conversation
from messaging.services import conversations, requests

PASSWORD = "a long enough pass phrase"
EARNEST = {"time_cost": Argon2.time_cost, "memory_cost": Argon2.memory_cost}
LIGHT = {"time_cost": 1, "memory_cost": 8}


@dataclass(frozen=True)
class Cast:
    ada: User
    ben: User
    cleo: User
    dora: User
    eve: User


DISPLAY_NAMES = {
    "ada": "Ada Lovelace",
    "ben": "Ben Okafor",
    "cleo": "Cleo Marchetti",
    "dora": "Dora Lindqvist",
    "eve": "Eve Stranger",
}


def person(username: str, password_hash: str, **fields: object) -> User:
    """An account with a profile, `username@example.org`."""
    user = _account(username, password_hash, **fields)
    user.save(force_insert=True)
    Profile.objects.create(user=user, display_name=DISPLAY_NAMES.get(username))
    return user


def _account(username: str, password_hash: str, **fields: object) -> User:
    return User(username=username, email=f"{username}@example.org", password=password_hash, **fields)


def acquaint(one: User, other: User) -> Conversation:
    """The private conversation of these two, who have both said yes to it."""
    talk, _created = conversations.start_private(one.chat_id, other.chat_id)
    requests.accept(other.chat_id, talk.id)
    return talk


@pytest.fixture(scope="session", autouse=True)
def light_hashing() -> Iterator[None]:
    """In this process; the running site hashes as it does for people."""
    with pytest.MonkeyPatch.context() as patch:
        _hash(patch, LIGHT)
        yield


@pytest.fixture
def earnest_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for people: 34 ms each."""
    _hash(monkeypatch, EARNEST)


def _hash(patch: pytest.MonkeyPatch, costs: dict[str, int]) -> None:
    for name, cost in costs.items():
        patch.setattr(Argon2, name, cost)


@pytest.fixture(scope="session")
def password_hash(light_hashing: None) -> str:
    """A real Argon2 hash of PASSWORD, as the running site makes it."""
    with pytest.MonkeyPatch.context() as patch:
        _hash(patch, EARNEST)
        return make_password(PASSWORD)


@pytest.fixture(scope="session")
def light_hash(light_hashing: None) -> str:
    """The same, for who signs in within this process."""
    return make_password(PASSWORD)


@pytest.fixture
def cast(db: None, light_hash: str) -> Cast:
    """The five of them. They share PASSWORD."""
    names = [field.name for field in fields(Cast)]
    people = [_account(name, light_hash, is_staff=name == "dora") for name in names]
    User.objects.bulk_create(people)
    Profile.objects.bulk_create(Profile(user=one, display_name=DISPLAY_NAMES[one.username]) for one in people)
    return Cast(*people)


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test but those of the first start is sent to /welcome/; none believes what an earlier one found out."""
    monkeypatch.setattr(registration, "_begun", True)
    for one in Memory.made:
        one.clear()
    forget_counts()
