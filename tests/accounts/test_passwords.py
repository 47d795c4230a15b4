"""What a password may be (SECURITY.md 4), and how it is kept (SECURITY.md 3)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from accounts import hashers
from accounts.hashers import AT_ONCE, Argon2
from accounts.models import User
from tests.cast import PASSWORD, Cast

ADA = User(username="ada.lovelace", email="augusta@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "passwordpassword",
        "ada.lovelace",
        "augustaaugusta",
        "lovelace.ada!",
    ],
)
def test_what_is_guessed_early_is_no_password(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, ADA)


@pytest.mark.parametrize(
    "password",
    ["seven small purple boats", "мой дом стоит у моря", "🚲🌊🪁🥨🎈🦉🍋🧵🎺🪴🛶🧊", "a kite over the harbour " * 20],
)
def test_length_and_all_of_unicode_are_welcome_and_nothing_is_prescribed(password: str) -> None:
    validate_password(password, ADA)


def test_a_very_long_password_costs_little_to_look_at() -> None:
    began = time.monotonic()
    validate_password("aB3$ kite " * 50_000, ADA)
    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("earnest_hashing")
def test_hashes_are_argon2id_with_our_parameters() -> None:
    _algorithm, _, text = make_password("seven small purple boats").partition("$")
    parameters = argon2.extract_parameters(f"${text}")
    assert parameters.type is argon2.Type.ID
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (2, 19456, 1)


def test_four_hashes_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(self: object, *_: object) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return ""

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", slow)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: Argon2().encode("x", "salt" * 4), range(16)))
    assert most == AT_ONCE == 4


@pytest.mark.usefixtures("earnest_hashing")
@pytest.mark.parametrize("address", ["/api/v1/auth/token/", "/accounts/login/"])
def test_what_was_kept_by_an_older_rule_is_kept_by_ours_from_the_next_log_in_on(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(Argon2, "time_cost", 1)
        cast.ben.set_password(PASSWORD)
        cast.ben.save()
    before = cast.ben.password
    kind = "application/json" if address.startswith("/api/") else MULTIPART_CONTENT
    assert client.post(address, {"login": "ben", "password": PASSWORD}, content_type=kind).status_code in (200, 302)
    cast.ben.refresh_from_db()
    assert cast.ben.password != before and "t=2" in cast.ben.password
