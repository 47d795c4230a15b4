"""What can be wrong with a sealed value or with the keys. No message ever carries the value or a key."""

from __future__ import annotations


class SealError(Exception):
    """A stored value that cannot be read. It is never answered with something else in its place."""


class NotSealed(SealError):
    """The value stands in the clear, or is no sealed value at all."""


class UnknownKey(SealError):
    """The value is sealed under a key that the ring does not have."""


class Forged(SealError):
    """The value was changed, or taken from another column, or sealed under another key of the same id."""


class BadKeys(SealError):
    """There is no key, or one is malformed. `hint` says what to do."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(f"{problem} {hint}")
        self.problem = problem
        self.hint = hint
