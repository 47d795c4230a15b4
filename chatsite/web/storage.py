"""Uploads on disk: a file is there whole or not at all, also when the disk is full or the power fails.

Another store (S3 by django-storages, say) takes this one's place in STORAGES; nobody else knows where files are.
"""

from __future__ import annotations

import errno
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.errors import StorageFull, Unavailable

PARTS = "parts"  # where files are while they are written; what a crash leaves there is swept up
READABLE = 0o644  # by a front proxy that sends files itself
PASSABLE = 0o711  # and so are the folders, for who knows the name of a file: nobody else on the machine may look around
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def listing(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in a folder of the storage; nothing where there is no such folder."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def untouched(name: str, since: timedelta) -> bool:
    """Whether this file is there and has been as it is for so long: one that nobody has yet may be on its way."""
    return default_storage.exists(name) and default_storage.get_modified_time(name) < timezone.now() - since


class WholeFiles(FileSystemStorage):
    """Django's storage with names that are final: what is saved under a name again replaces what was there.

    `save` raises StorageFull when there is no room and Unavailable when the disk does not take it otherwise.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        try:
            self._put(Path(self.path(name)), content)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull(_("There is no room for files left. The administrator has to make some.")) from error
            raise Unavailable(_("The file could not be kept. Please try again.")) from error
        return name

    def _put(self, target: Path, content: File[Any]) -> None:
        parts = Path(self.path(PARTS))
        for folder in (parts, target.parent):
            _make(folder)
        number, part = tempfile.mkstemp(dir=parts)
        try:
            with os.fdopen(number, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), self.file_permissions_mode or READABLE)
                os.fsync(file.fileno())
            Path(part).replace(target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _sync(target.parent)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(PASSABLE)


def _sync(folder: Path) -> None:
    """The name in its folder lasts, too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
