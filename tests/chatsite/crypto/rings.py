"""Key rings for tests."""

from __future__ import annotations

from django.test import override_settings

OLD, MIDDLE, NEW = "0a" * 32, "1b" * 32, "2c" * 32


def ring_of(*roots: str) -> override_settings:
    """Seal under the first of these keys, open what any of them sealed."""
    return override_settings(FIELD_KEYS=roots)
