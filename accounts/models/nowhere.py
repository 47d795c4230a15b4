"""What stands in the column of addresses for who has none: it wants one for everybody, each another."""

from __future__ import annotations

from uuid import UUID

ZONE = "invalid"  # no such domain can exist (RFC 2606), so no mail goes there


def nowhere(pk: UUID | str, kind: str = "people") -> str:
    """The address in the place of one for the account with this id, which allauth's sessions have as text."""
    return f"{UUID(str(pk)).hex}@{kind}.{ZONE}"


def is_nowhere(pk: UUID | str, email: str) -> bool:
    """Whether this is what stands for no address of this account. That of another one does not: whoever writes it down
    for themselves would be spared to prove it."""
    box, _, domain = email.partition("@")
    return domain.endswith(f".{ZONE}") and box == UUID(str(pk)).hex
