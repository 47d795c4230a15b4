"""MongoDB values of the messaging app: typed, frozen, no I/O."""

from messaging.documents.block import BLOCK, Block
from messaging.documents.change import HAPPENINGS, Change, ChangeKind, MessageKind
from messaging.documents.conversation import (
    DESCRIPTION_MAX,
    DRAFT_MAX,
    FOREVER,
    NAME_MAX,
    PREVIEW_MAX,
    Conversation,
    Kind,
    Level,
    Membership,
    Pending,
    Role,
    SeatDraft,
)
from messaging.documents.epoch import Epoch
from messaging.documents.invite import Invite
from messaging.documents.message import (
    CONTENT_MAX,
    FILES_MAX,
    Attachment,
    Forwarded,
    Message,
    Reaction,
    Receipt,
    Thread,
)
from messaging.documents.preview import LinkCard, Preview, PreviewPicture
from messaging.documents.saved import Saved
from messaging.documents.scheduled import Scheduled, ScheduledState
from messaging.documents.upload import PIECES_MAX, Upload, UploadState

__all__ = [
    "BLOCK",
    "CONTENT_MAX",
    "DESCRIPTION_MAX",
    "DRAFT_MAX",
    "FILES_MAX",
    "FOREVER",
    "HAPPENINGS",
    "NAME_MAX",
    "PIECES_MAX",
    "PREVIEW_MAX",
    "Attachment",
    "Block",
    "Change",
    "ChangeKind",
    "Conversation",
    "Epoch",
    "Forwarded",
    "Invite",
    "Kind",
    "Level",
    "LinkCard",
    "Membership",
    "Message",
    "MessageKind",
    "Pending",
    "Preview",
    "PreviewPicture",
    "Reaction",
    "Receipt",
    "Role",
    "Thread",
    "Saved",
    "Scheduled",
    "ScheduledState",
    "SeatDraft",
    "Upload",
    "UploadState",
]
