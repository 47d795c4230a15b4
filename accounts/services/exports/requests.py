"""Asking for a copy of one's data, looking how far it is, fetching it. One per person at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import Export
from chatsite.errors import Conflict, NotFound
from chatsite.postgres import turns
from chatsite.postgres.scope import acting, as_worker
from chatsite.types import UserId
from chatsite.web.storage import listing, untouched

FOLDER = "exports"  # in the storage
KEEP = timedelta(days=7)  # that it is there to be fetched
STALLED = timedelta(minutes=10)  # without a row written: whoever made it is gone
LEFT_FOR = timedelta(days=1)  # how long a file that nobody has stays
MAKE = "accounts.tasks.make_export"
State = Export.State
UNDER_WAY = (State.WAITING, State.RUNNING)


class Ready(NamedTuple):
    """A copy that can be fetched: its name in the storage, its size in bytes."""

    name: str
    size: int


@acting
@transaction.atomic
def start(me: UserId) -> Export:
    """Ask for a copy; an earlier one is thrown away. Raises Conflict while one is being made."""
    turns.take(f"export {me}")  # of two who ask at once, the second waits
    before = current(me)
    if before and before.state in UNDER_WAY:
        raise Conflict(_("A copy is being made already."))
    _forget(Export.objects.filter(user__pk=me).first())
    export = Export.objects.create(user_id=UUID(me), moved_at=timezone.now())
    app.configure_task(MAKE).defer(export_id=str(export.pk))
    return export


@acting
def current(me: UserId) -> Export | None:
    """My copy, as far as it is; None where there is none, or none any more. One that got stuck has failed."""
    export = Export.objects.filter(user__pk=me).first()
    if export is None or (export.expires_at and export.expires_at <= timezone.now()):
        return None
    if export.state == State.RUNNING and export.moved_at < timezone.now() - STALLED:
        export.state = State.FAILED
    return export


@acting
def ready(me: UserId) -> Ready:
    """My copy, to be sent. Raises NotFound where none is ready."""
    export = current(me)
    if export is None or export.state != State.READY or not default_storage.exists(export.file):
        raise NotFound(_("There is no copy to fetch. They are kept for seven days."))
    return Ready(export.file, export.size)


@acting
def remove(me: UserId) -> None:
    """Throw my copy away, or stop making it. Nothing happens where there is none."""
    with transaction.atomic():
        _forget(Export.objects.filter(user__pk=me).first())


@as_worker()
def sweep() -> int:
    """Deletes copies whose time is up, and files that a crash left. Returns how many files."""
    for export in Export.objects.filter(expires_at__lte=timezone.now()):
        _forget(export)
    files = (f"{FOLDER}/{name}" for name in listing(FOLDER)[1])
    gone = [name for name in files if not Export.objects.filter(file=name).exists() and untouched(name, LEFT_FOR)]
    for name in gone:
        default_storage.delete(name)
    return len(gone)


def _forget(export: Export | None) -> None:
    if export is None:
        return
    export.delete()
    if export.file:
        name = export.file
        transaction.on_commit(lambda: default_storage.delete(name))
