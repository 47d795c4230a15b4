"""One secret per data directory, from which every password of the stack and Django's SECRET_KEY are derived."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

FILE = "secret.key"  # mode 0600, 32 random bytes in hex


@dataclass(frozen=True)
class Keys:
    """Derives one independent key per purpose, so that a single file is all there is to guard and to back up."""

    secret: bytes

    def derive(self, purpose: str) -> str:
        """64 hex digits for `purpose`, the same at every start (HMAC-SHA-256 of the purpose under the secret)."""
        return hmac.digest(self.secret, purpose.encode(), hashlib.sha256).hex()


def keys_of(data_dir: Path) -> Keys:
    """The keys of `data_dir`, made at the first call."""
    file = data_dir / FILE
    if not file.exists():
        new = data_dir / f"{FILE}.new"
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        new.write_text(secrets.token_hex(32))
        new.rename(file)
    return Keys(bytes.fromhex(file.read_text().strip()))
