"""Makes a copy: row by row into a zip on disk, then whole into the storage."""

from __future__ import annotations

import secrets
import tempfile
import time
import zipfile
from collections.abc import Iterable
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Export
from accounts.services.exports import contents
from accounts.services.exports.requests import FOLDER, KEEP
from chatsite.postgres.scope import as_worker
from chatsite.types import UserId

NOTED = 1.0  # seconds between two notes of how far it got
State = Export.State


class Withdrawn(Exception):
    """Nobody waits for this copy any more."""


class Progress:
    """Notes how far a copy got, now and then."""

    def __init__(self, export: Export) -> None:
        self._export, self.done, self._noted = export.pk, 0, time.monotonic()

    def row(self) -> None:
        """One more row is written. Raises Withdrawn when nobody waits any more."""
        self.done += 1
        if time.monotonic() - self._noted >= NOTED:
            self._noted = time.monotonic()
            self.note()

    def note(self) -> None:
        running = Export.objects.filter(pk=self._export, state=State.RUNNING)
        if not running.update(done=self.done, moved_at=timezone.now()):
            raise Withdrawn


@as_worker()
def make(export_id: UUID) -> None:
    """Make the copy that was asked for. Whoever asks anew meanwhile gets the newer one, and this ends."""
    if not Export.objects.filter(pk=export_id, state=State.WAITING).update(
        state=State.RUNNING, moved_at=timezone.now()
    ):
        return
    export = Export.objects.get(pk=export_id)
    try:
        _make(export)
    except Withdrawn:
        return
    except BaseException:
        Export.objects.filter(pk=export_id, state=State.RUNNING).update(state=State.FAILED)
        raise


def _make(export: Export) -> None:
    user = UserId(str(export.user_id))
    Export.objects.filter(pk=export.pk).update(total=contents.count(user))
    progress, name = Progress(export), f"{FOLDER}/{secrets.token_hex(16)}.zip"
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        write(file, contents.parts(user), progress)
        size = file.tell()
        progress.note()
        default_storage.save(name, File(file))
    ready = {"state": State.READY, "file": name, "size": size, "expires_at": timezone.now() + KEEP}
    ready["total"] = progress.done  # until now it was about as many
    if not Export.objects.filter(pk=export.pk, state=State.RUNNING).update(**ready):
        default_storage.delete(name)


def write(file: IO[bytes], parts: Iterable[contents.Part], progress: Progress) -> None:
    """All parts into a zip, each row as it comes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            entry = zipfile.ZipInfo(part.name, date_time=timezone.now().timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as target:
                for row in part.rows:
                    target.write(row)
                    progress.row()
    file.seek(0, 2)
