"""SECURITY.md A9: a thousand guesses at one account, at a thousand accounts, and at the codes of one."""

from __future__ import annotations

import time

import pytest

from tests.accounts.test_guessing import PER_ADDRESS, TRIES, Crowd, checked, codes, crowd, guess, one_password, redis
from tests.cast import Cast

__all__ = ["checked", "crowd", "redis"]


def test_of_a_thousand_guesses_at_one_account_five_count(
    cast: Cast, checked: list[str], crowd: Crowd, redis: None
) -> None:
    guess(crowd, 1000)
    assert len(checked) == TRIES


@pytest.mark.django_db
def test_one_password_for_a_thousand_accounts_is_tried_ten_times_in_a_minute(
    checked: list[str], password_hash: str
) -> None:
    begun = time.monotonic()
    one_password(1000, password_hash)
    minutes = 1 + (time.monotonic() - begun) // 60
    assert len(checked) <= PER_ADDRESS * minutes


def test_of_a_thousand_codes_after_a_stolen_password_five_count(
    cast: Cast, checked: list[str], crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(codes(crowd, cast.ada, 1000, monkeypatch)) == TRIES
