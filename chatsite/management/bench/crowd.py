"""Names for many people. No Django here: the clients' process loads it too."""

from __future__ import annotations

GIVEN = ("Ada", "Benjamin", "Chiara", "Dmitri", "Emeka", "Farah", "Grace", "Hiroshi", "Ines", "Jonas", "Kamala", "Lena")
FAMILY = (
    "Adeyemi",
    "Bianchi",
    "Chen",
    "Dubois",
    "Eriksen",
    "Ferreira",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kaya",
)
USERNAME = "crowd"
EVERY = 5  # of so many, one has no display name


def display_name(number: int) -> str:
    """Of the person `number`; empty where they have none."""
    if number % EVERY == 0:
        return ""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // len(GIVEN) % len(FAMILY)]} {number}"
