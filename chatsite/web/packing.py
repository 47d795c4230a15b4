"""Static files, packed once when the site is made ready."""

from __future__ import annotations

from typing import Any

import brotli  # type: ignore[import-untyped]
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

THOROUGH = 64 * 1024  # bytes: pages begin with files below this; of others the last percents take most of the start
BEST, QUICK = 11, 5  # Brotli's qualities


class Packer(Compressor):  # type: ignore[misc]
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=BEST if len(data) < THOROUGH else QUICK))


class PackedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def create_compressor(self, **kwargs: Any) -> Packer:
        return Packer(**kwargs)
