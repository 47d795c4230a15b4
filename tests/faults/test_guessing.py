"""SECURITY.md A9: a thousand guesses at one account."""

from __future__ import annotations

from tests.accounts.test_guessing import TRIES, Crowd, checked, crowd, guess, redis
from tests.cast import Cast

__all__ = ["checked", "crowd", "redis"]


def test_of_a_thousand_guesses_at_one_account_five_count(
    cast: Cast, checked: list[str], crowd: Crowd, redis: None
) -> None:
    guess(crowd, 1000)
    assert len(checked) == TRIES
