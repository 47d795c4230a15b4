"""Files in messages: which message has which, who may have them, and what becomes of those that nobody has."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import IO, Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from chatsite.clock import now
from chatsite.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from chatsite.types import ObjectId, UserId, object_id
from messaging import access
from messaging.documents import FILES_MAX, Attachment, Message, Upload
from messaging.repositories import messages, scheduled, uploads
from messaging.services import filing
from messaging.services import uploads as moving
from messaging.services.uploads import discard

log = logging.getLogger(__name__)
LEFT_FOR = timedelta(days=7)  # how long a file waits for its message: people come back after a week without a line
DOOMED_FOR = timedelta(minutes=5)  # then whoever was deleting its bytes is gone
AT_ONCE = 500  # files of one sweep in memory


def claim(me: UserId, here: ObjectId, client_id: str, ids: Iterable[str | ObjectId]) -> tuple[Attachment, ...]:
    """The files with these ids, now those of this message and of no other. None where the message is stored already:
    then it has them.

    Raises Invalid, TooLarge for too many, Conflict for one that is not whole, was sent before, or is gone.
    """
    wanted = [object_id(one) for one in ids]
    if not wanted or messages.by_client_id(here, me, client_id):
        return ()
    if len(set(wanted)) != len(wanted):
        raise Invalid(_("A file is named twice."), fields={"attachments": [_("A file is named twice.")]})
    if len(wanted) > FILES_MAX:
        raise TooLarge(_("A message may have at most %(most)d files.") % {"most": FILES_MAX})
    if uploads.claim(wanted, me, here, client_id) < len(wanted):
        raise Conflict(_("A file is not there any more, or not yet. Attach it again."))
    found = uploads.by_ids(wanted)
    return tuple(attachment(found[one]) for one in wanted)


def pass_on(me: UserId, here: ObjectId, client_id: str, files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The files of a message that this person sees, for one of theirs in conversation `here`: each with rights of its
    own. Raises Conflict where one is gone, and TooLarge where they have no room."""
    if not files:
        return ()
    known = uploads.by_ids([one.id for one in files])
    if len(known) < len(files):
        raise Conflict(_("A file was deleted meanwhile."))
    return tuple(map(attachment, moving.pass_on(me, here, client_id, [known[one.id] for one in files])))


def attachment(upload: Upload) -> Attachment:
    """What a message says of a file."""
    return Attachment(
        id=upload.id,
        type=upload.type,
        url=reverse("file", args=[upload.key, upload.name]),
        name=upload.name,
        size=upload.size,
        width=upload.width,
        height=upload.height,
        blur=upload.blur,
    )


def opened(me: UserId, key: str) -> Upload:
    """A file that this person may have: what they have not sent yet is their own, the rest is of those who are in the
    conversation now. Raises NotFound."""
    found = uploads.by_key(key)
    if found is None or found.state not in ("ready", "kept"):
        raise NotFound(_("There is no such file."))
    if found.client_id is not None:
        access.conversation(me, found.conversation_id)
    elif found.owner_id != me:
        raise NotFound(_("There is no such file."))
    return found


def read(name: str) -> IO[Any]:
    """Opens a file in the storage. Raises NotFound."""
    try:
        return default_storage.open(name)
    except FileNotFoundError:
        raise NotFound(_("There is no such file.")) from None


def content(me: UserId, file: Attachment) -> IO[Any]:
    """A file of a message that this person sees, opened. Raises NotFound."""
    found = uploads.by_id(file.id)
    if found is None:
        raise NotFound(_("There is no such file."))
    return read(filing.whole(opened(me, found.key).bytes_key))


def length(name: str) -> int:
    """In bytes. Raises NotFound."""
    try:
        return default_storage.size(name)
    except FileNotFoundError:
        raise NotFound(_("There is no such file.")) from None


def of(message: Message) -> list[ObjectId]:
    return [one.id for one in message.attachments]


def removed(ids: Sequence[ObjectId]) -> None:
    """Files whose message was deleted: nobody gets them any more, and now their bytes go. Where that fails, the worker
    goes on with it."""
    try:
        discard([one for one in uploads.by_ids(ids).values() if one.state == "doomed"])
    except (OSError, Unavailable) as error:
        log.warning("%d files of a deleted message are left to the worker: %s", len(ids), error)


def sweep() -> int:
    """Deletes files that were begun and not sent, and what a crash left. Returns how many."""
    return sum(map(_swept, _left_behind())) + sum(_lost(*one) for one in filing.old_pieces(LEFT_FOR))


def _left_behind() -> Iterable[Upload]:
    yield from uploads.untouched(["doomed"], now() - DOOMED_FOR, AT_ONCE)
    yield from uploads.untouched(["open", "ready"], now() - LEFT_FOR, AT_ONCE)


def _swept(upload: Upload) -> bool:
    if upload.state != "doomed" and _has_message(upload):
        uploads.keep(upload.id)
        return False
    if upload.state == "ready" and _is_scheduled(upload):
        uploads.wait_on(upload.id)
        return False
    if upload.state != "doomed" and not uploads.doom_unsent(upload):
        return False
    discard([upload])
    return True


def _lost(key: str, piece: str) -> bool:
    """A piece that belongs to no file on its way: whoever stored it was ended before they could say so."""
    upload = uploads.by_key(key)
    if upload is not None and upload.state == "open":
        return False
    filing.drop(piece)
    return True


def _is_scheduled(upload: Upload) -> bool:
    if upload.client_id is None:
        return False
    return scheduled.holds(UserId(upload.owner_id), upload.conversation_id, upload.client_id)


def _has_message(upload: Upload) -> bool:
    if upload.client_id is None:
        return False
    message = messages.by_client_id(upload.conversation_id, UserId(upload.owner_id), upload.client_id)
    return message is not None and upload.id in of(message)
