"""Uploads in an S3-compatible store, by django-storages, for those who have several machines or little disk."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage

from chatsite.errors import Unavailable

IN_MEMORY = 1024 * 1024  # bytes of a file on its way there; the rest is on disk


class Buckets(S3Storage):  # type: ignore[misc]
    """As WholeFiles: what is saved under a name again replaces what was there. What cannot be kept raises Unavailable.

    A file is read from wherever one begins, as it comes: a film that somebody looks into is not fetched as a whole.
    """

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": True, "default_acl": None}

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        key = self._normalize_name(name)
        with _away():
            return File(io.BufferedReader(Remote(self.connection.meta.client, self.bucket_name, key, self.size(name))))

    def _save(self, name: str, content: File[Any]) -> str:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file, _away():
            for block in content.chunks():
                file.write(block)
            saved: str = super()._save(name, File(file))
        return saved

    def delete(self, name: str) -> None:
        with _away():
            super().delete(name)


class Remote(io.RawIOBase):
    """An object of a store, read from where one stands. Nothing is asked for before that."""

    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self._client, self._where, self._size = client, {"Bucket": bucket, "Key": key}, size
        self._at, self._body = 0, None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset != self._at:
            self._drop()
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        with _away():
            part = self._stream().read(len(buffer))
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._drop()
        super().close()

    def _stream(self) -> Any:
        if self._body is None:
            self._body = self._client.get_object(**self._where, Range=f"bytes={self._at}-")["Body"]
        return self._body

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextmanager
def _away() -> Iterator[None]:
    """The store does not answer, or says no."""
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise Unavailable(_("The file store does not answer. Please try again."), retry_after=5) from error
