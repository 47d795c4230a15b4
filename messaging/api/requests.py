"""What clients may send: strict, like the frames of the socket."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta
from rest_framework.request import Request

from accounts.models import User
from chatsite.errors import Invalid, Unauthorized
from chatsite.realtime.protocol import Hex, Place
from chatsite.types import UserId
from messaging.documents import FILES_MAX, Level, Role
from messaging.search.query import QUERY_MAX
from messaging.services.arrangements import MUTE_MAX, MUTE_MIN
from messaging.services.conversations import MEMBERS_MAX
from messaging.services.forwarding import MOST as FORWARDS_MAX
from messaging.services.messages import PAGE, PAGE_MAX
from messaging.services.saving import PAGE as SAVED_PAGE
from messaging.services.saving import PAGE_MAX as SAVED_MAX
from messaging.services.search import LIMIT_MAX
from messaging.services.search import PAGE as HITS

Limit = Annotated[int, Meta(ge=1, le=PAGE_MAX, description="Rows of a page.")]
People = Annotated[list[UUID], Meta(max_length=MEMBERS_MAX)]
CLAIM = "X-User-Id"  # a header with the id of the person that a browser page was made for
FIELD = re.compile(r"at `\$\.(\w+)|field `([^`]*)`")

T = TypeVar("T", bound=msgspec.Struct)


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request. Strict: a field it does not declare is refused."""


class ConversationsAsked(Body, frozen=True, kw_only=True):
    cursor: Annotated[str, Meta(description="From `next` of the page before.")] = ""
    limit: Limit = PAGE


class NewConversation(Body, frozen=True, kw_only=True):
    """`participants` are the others; naming oneself among them changes nothing. Only groups have a name, and only they
    are open to everyone: `public`."""

    type: Literal["private", "group"]
    participants: People
    name: str | None = None
    public: bool = False


class NewLooks(Body, frozen=True, kw_only=True):
    """What is to become different. An empty `description` takes it away."""

    name: str | None = None
    description: str | None = None
    public: bool | None = None


class NewInvite(Body, frozen=True, kw_only=True):
    """How long the link works, and for how many people; null: without an end."""

    seconds: int | None = None
    uses: int | None = None


class Secret(Body, frozen=True, kw_only=True):
    """What stands in a link into a group, after `/g/`."""

    secret: Annotated[str, Meta(max_length=200)]


class RoomsAsked(Body, frozen=True, kw_only=True):
    search: Annotated[str, Meta(description="A part of a name or description.")] = ""
    cursor: Annotated[str, Meta(description="From `next` of the page before.")] = ""
    limit: Limit = PAGE


class PinsAsked(Body, frozen=True, kw_only=True):
    cursor: Annotated[str, Meta(description="From `next` of the page before.")] = ""
    limit: Limit = PAGE


class NewArrangement(Body, frozen=True, kw_only=True):
    """What is to become different. `mute_for` is in seconds; without it `muted` lasts until it is taken back. `unread`
    false reads everything."""

    muted: bool | None = None
    mute_for: Annotated[int, Meta(ge=MUTE_MIN, le=MUTE_MAX)] | None = None
    pinned: bool | None = None
    archived: bool | None = None
    unread: bool | None = None
    level: Level | None = None


class NewMembers(Body, frozen=True, kw_only=True):
    user_ids: Annotated[People, Meta(min_length=1)]


class NewRole(Body, frozen=True, kw_only=True):
    role: Role


class MessagesAsked(Body, frozen=True, kw_only=True):
    """One of `before`, `after` and `around`, each a `seq`; none of them asks for the newest messages."""

    before: Place | None = None
    after: Place | None = None
    around: Place | None = None
    limit: Limit = PAGE

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.before, self.after, self.around)) > 1:
            raise ValueError("Only one of before, after and around")


class NewMessage(Body, frozen=True, kw_only=True):
    """`client_id` is made by the sender before the first try: repeating it sends nothing twice. `thread_id` is the
    message under which this is said, in its thread; one that is in a thread itself stands for that thread."""

    client_id: UUID
    content: str
    reply_to: Hex | None = None
    thread_id: Hex | None = None
    attachments: Annotated[list[Hex], Meta(max_length=FILES_MAX)] = []


class NewDraft(Body, frozen=True, kw_only=True):
    """What is begun; an empty `text` without `reply_to`: nothing any more."""

    text: str
    reply_to: Hex | None = None


Operation = Annotated[UUID, Meta(description="Made by the client before the first try: repeated, it is applied once.")]


class EditedMessage(Body, frozen=True, kw_only=True):
    op_id: Operation
    content: str


class NewReaction(Body, frozen=True, kw_only=True):
    """`on` sets it, else it is taken back."""

    op_id: Operation
    emoji: str
    on: bool


class NewPin(Body, frozen=True, kw_only=True):
    op_id: Operation
    on: bool


class DeletionAsked(Body, frozen=True, kw_only=True):
    op_id: Operation | None = None


SPAN_MAX = 1000  # messages


class HiddenAsked(Body, frozen=True, kw_only=True):
    """From the `first` to the `last`, each a `seq`; at most 1,000 of them."""

    first: Place
    last: Place

    def __post_init__(self) -> None:
        if self.last - self.first >= SPAN_MAX:
            raise ValueError("At most 1,000 messages at once")


Moment = Annotated[datetime, Meta(tz=True)]


class NewScheduled(Body, frozen=True, kw_only=True):
    """A message that is to go out at `due_at`, to the minute, within a year. `client_id` is made by the sender before
    the first try: repeating it schedules, and sends, nothing twice."""

    conversation_id: Hex
    client_id: UUID
    content: str
    due_at: Moment
    reply_to: Hex | None = None
    attachments: Annotated[list[Hex], Meta(max_length=FILES_MAX)] = []


class ScheduledChange(Body, frozen=True, kw_only=True):
    """What is to be different: the words, the time, or both."""

    content: str | None = None
    due_at: Moment | None = None


class SavedAsked(Body, frozen=True, kw_only=True):
    cursor: Annotated[str, Meta(description="From `next` of the page before.")] = ""
    limit: Annotated[int, Meta(ge=1, le=SAVED_MAX, description="Messages of a page.")] = SAVED_PAGE


class NewSaved(Body, frozen=True, kw_only=True):
    message_id: Hex


class NewForward(Body, frozen=True, kw_only=True):
    """Where a message is passed on to. `client_id` is made before the first try: repeating it sends nothing twice."""

    client_id: UUID
    conversation_ids: Annotated[list[Hex], Meta(max_length=FORWARDS_MAX)] = []
    user_ids: Annotated[list[UUID], Meta(max_length=FORWARDS_MAX)] = []


class NewFile(Body, frozen=True, kw_only=True):
    """A file for a message in this conversation. `size` is in bytes."""

    conversation_id: Hex
    name: str
    size: Annotated[int, Meta(ge=0, le=2**53)]


class SearchAsked(Body, frozen=True, kw_only=True):
    q: Annotated[str, Meta(max_length=QUERY_MAX, description="What is looked for.")]
    order: Literal["newest", "best"] = "newest"
    cursor: Annotated[str, Meta(description="From `next` of the page before.")] = ""
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX, description="Hits of a page.")] = HITS


class ChangesAsked(Body, frozen=True, kw_only=True):
    after: Annotated[Place, Meta(description="The last `rev` already known.")] = 0
    limit: Limit = PAGE


class ReceiptsAsked(Body, frozen=True, kw_only=True):
    seq: Annotated[int, Meta(ge=1, le=2**53)]


class NewReceipt(Body, frozen=True, kw_only=True):
    """Everything up to `seq` was delivered or read; reading is delivery too."""

    kind: Literal["delivered", "read"]
    seq: Place


class NoQuery(Body, frozen=True, kw_only=True):
    """An address that takes no parameters."""


def body(request: Request, shape: type[T]) -> T:
    """The body of a request in this shape. Raises Invalid, naming the field, for any other."""
    return _converted(request.data, shape, strict=True)


def query(request: Request, shape: type[T]) -> T:
    """The parameters of an address in this shape. Raises Invalid for unknown, repeated and wrong ones."""
    for name, values in request.query_params.lists():
        if len(values) > 1:
            words = _("Given more than once.")
            raise Invalid(words, fields={name: [words]})
    return _converted(request.query_params.dict(), shape, strict=False)


def _converted(given: object, shape: type[T], *, strict: bool) -> T:
    try:
        return msgspec.convert(given, shape, strict=strict)
    except msgspec.ValidationError as error:
        found = FIELD.search(str(error))
        named = found and (found[1] or found[2])
        words = _("The request is not of the declared shape: %(why)s.") % {"why": error}
        raise Invalid(words, fields={named: [str(error)]} if named else None) from None


def me(request: Request) -> UserId:
    """Whose request it is. The default permission lets nobody else in.

    Raises Unauthorized where the request says that it is somebody else's: a page that was left open sends what waits
    there in the name of whom it was written by, or not at all.
    """
    if not isinstance(request.user, User):
        raise TypeError("This view needs someone who is signed in.")
    claimed = request.headers.get(CLAIM, request.user.chat_id)
    if claimed != request.user.chat_id:
        raise Unauthorized(_("Someone else is signed in here now."))
    return request.user.chat_id
