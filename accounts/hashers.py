from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = 4  # hashes a process computes at the same time; more wait
_places = threading.BoundedSemaphore(AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (t=2, 19 MiB, p=1): 34 ms here, where Django's own 100 MiB × 8 would let twenty
    log-ins at once take 2 GB (SECURITY.md 3)."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _places:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _places:
            return super().verify(password, encoded)
