"""Files on their way to the server: begun, sent piece by piece, gone on with after a break, whole.

Only whose file it is may do any of this; to everybody else it does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Protocol

import msgspec
from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from chatsite.clock import now
from chatsite.errors import Blocked, Conflict, Invalid, NotFound, TooLarge
from chatsite.realtime.limits import Pace
from chatsite.types import ObjectId, UserId, object_id
from chatsite.web.filenames import tidy
from messaging import access
from messaging.access import Seat
from messaging.documents import PIECES_MAX, Upload
from messaging.repositories import uploads
from messaging.services import filing

PIECE_MAX = 8 * 1024 * 1024  # bytes
PIECE = 2 * 1024 * 1024  # bytes, as our own pages send them
UNSENT_MAX = 100  # files of one person that no message has yet
BLOCK = 64 * 1024  # bytes in memory at a time
MEGABYTE = 1024 * 1024
pace = Pace(per_second=2, at_once=40)
"""Files that one person begins."""


class Readable(Protocol):
    """What a body can be read from."""

    def read(self, size: int, /) -> bytes: ...


def begin(me: UserId, conversation_id: ObjectId | str, name: str, size: int) -> Upload:
    """A file of `size` bytes is to come, for a message in this conversation.

    Raises NotFound, Forbidden where one may not write, Invalid, TooLarge (also for one's room), TooFast.
    """
    seat = access.conversation(me, conversation_id)
    access.check_contact(me, seat.partner, seat.conversation.id)
    return _begin(me, seat, name, size)


def _begin(me: UserId, seat: Seat, name: str, size: int) -> Upload:
    _check_size(size)
    pace.take(me)
    moment = now()
    upload = Upload(
        id=ObjectId(),
        key=token_hex(16),
        owner_id=me,
        conversation_id=seat.conversation.id,
        name=tidy(name),
        size=size,
        created_at=moment,
        moved_at=moment,
    )
    uploads.insert(upload)
    try:
        _check_room(me)  # with it counted: of two that come at once neither slips through
    except TooLarge:
        uploads.delete(upload.id)
        raise
    return upload


def mine(me: UserId, upload_id: ObjectId | str) -> Upload:
    """A file of mine, as far as it has come. Raises NotFound."""
    found = uploads.by_id(object_id(upload_id))
    if found is None or found.owner_id != me or found.state == "doomed":
        raise NotFound(_("There is no such file."))
    return found


def receive(me: UserId, upload_id: ObjectId | str, offset: int, content: Readable) -> Upload:
    """Takes the bytes from `offset` on, which must be where the file ends so far. After the last of them it is looked
    at, which an empty piece there asks for again.

    Raises NotFound, Conflict at another place, TooLarge for more than PIECE_MAX or than was announced, Unavailable, and
    Blocked: then nothing of it is kept.
    """
    upload = mine(me, upload_id)
    if upload.state != "open":
        return upload
    if offset != upload.received:
        raise Conflict(_("The file goes on at byte %(offset)d.") % {"offset": upload.received})
    if upload.received < upload.size:
        upload = _add(upload, content)
    return _finish(upload) if upload.received == upload.size else upload


def take(me: UserId, seat: Seat, file: UploadedFile[Any]) -> Upload:
    """A file that a form brought, all at once. Raises as `begin` and `receive`."""
    access.check_contact(me, seat.partner, seat.conversation.id)
    upload = _begin(me, seat, file.name or "", file.size or 0)
    with filing.gathered(file.chunks(BLOCK)) as whole, _unless_blocked(upload):
        return _completed(upload, filing.take(upload.key, whole, upload.size))


def pass_on(me: UserId, here: ObjectId, client_id: str, sources: Sequence[Upload]) -> list[Upload]:
    """The same files once more, for another message of this person, each with an address and rights of its own. The
    bytes are not copied, but count. Raises Conflict where one is gone, and TooLarge."""
    moment = now()
    own = {"owner_id": me, "conversation_id": here, "client_id": client_id, "state": "ready"}
    copies = [
        msgspec.structs.replace(
            one, **own, id=ObjectId(), key=token_hex(16), stored_as=one.bytes_key, created_at=moment, moved_at=moment
        )
        for one in sources
    ]
    for one in copies:
        uploads.insert(one)
    try:
        _check_room(me)
        there = uploads.by_ids([one.id for one in sources])
        if any(one.id not in there or there[one.id].state == "doomed" for one in sources):
            raise Conflict(_("A file was deleted meanwhile."))
    except (Conflict, TooLarge):
        uploads.doom([one.id for one in copies])
        discard(copies)
        raise
    return copies


def cancel(me: UserId, upload_id: ObjectId | str) -> None:
    """Does not send it after all. Raises NotFound, and Conflict where a message has it."""
    upload = mine(me, upload_id)
    if upload.client_id is not None or not uploads.doom_unsent(upload):
        raise Conflict(_("This file was sent."))
    discard([upload])


def discard(doomed: list[Upload]) -> None:
    """Deletes the bytes of files that nobody may have any more, and then what is known of them. Bytes that are another
    file's as well stay: whoever passes one on looks again after that is written, so one of the two sees the other."""
    for one in doomed:
        if not uploads.shared(one):
            filing.remove(one)
        uploads.delete(one.id)


class _Piece(File[bytes]):
    """A body as it comes, counted. Raises TooLarge when it is longer than `most` bytes."""

    def __init__(self, content: Readable, most: int) -> None:
        super().__init__(None)
        self.content, self.most, self.count = content, most, 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while block := self.content.read(BLOCK):
            self.count += len(block)
            if self.count > self.most:
                raise TooLarge(_("This is more than was announced, or more than a piece may have."))
            yield block


def _add(upload: Upload, content: Readable) -> Upload:
    if len(upload.pieces) >= PIECES_MAX:
        raise TooLarge(_("The file comes in too many pieces."))
    piece = _Piece(content, min(PIECE_MAX, upload.size - upload.received))
    name = filing.put_piece(upload, piece)
    after = uploads.advance(upload, name, piece.count) if piece.count else None
    if after is None:
        filing.drop(name)
        raise Conflict(_("Another piece was faster, or this one is empty."))
    return after


def _finish(upload: Upload) -> Upload:
    with _unless_blocked(upload):
        after = _completed(upload, filing.assemble(upload))
    for name in upload.pieces:
        filing.drop(name)
    return after


@contextmanager
def _unless_blocked(upload: Upload) -> Iterator[None]:
    """What the scanner does not let through is not kept."""
    try:
        yield
    except (Blocked, TooLarge):
        uploads.doom([upload.id])
        discard([upload])
        raise


def _completed(upload: Upload, known: dict[str, Any]) -> Upload:
    after = uploads.complete(upload.id, known)
    return after or mine(UserId(upload.owner_id), upload.id)


def _check_size(size: int) -> None:
    if size < 1:
        raise Invalid(_("This file is empty."), fields={"size": [_("This file is empty.")]})
    if size > settings.FILE_MAX * MEGABYTE:
        raise TooLarge(_("A file may have at most %(most)d MB.") % {"most": settings.FILE_MAX})


def _check_room(me: UserId) -> None:
    taken, unsent = uploads.room(me)
    if settings.FILES_PER_PERSON and taken > settings.FILES_PER_PERSON * MEGABYTE:
        words = _("Your files have no more room: all of them together may have %(most)d MB. Delete some first.")
        raise TooLarge(words % {"most": settings.FILES_PER_PERSON})
    if unsent > UNSENT_MAX:
        raise TooLarge(_("Too many files wait to be sent. Send or remove some first."))
