"""Links by which people come into a group: its owner and admins make them, and take them back."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils.translation import gettext as _

from accounts import policy
from chatsite.clock import now
from chatsite.errors import Conflict, Forbidden, Invalid, NotFound
from chatsite.types import ObjectId, UserId, object_id
from messaging.documents import Conversation, Invite
from messaging.repositories import conversations
from messaging.repositories import invites as stored
from messaging.services import rooms
from messaging.services.conversations import MEMBERS_MAX, group_seat

LIVING_MAX = 50  # links into one group that were not withdrawn
SECONDS_MAX = 366 * 24 * 3600


def make(
    me: UserId, conversation_id: ObjectId | str, seconds: int | None = None, uses: int | None = None
) -> tuple[Invite, str]:
    """A new link and its secret, which cannot be had again. It works for `seconds` and for `uses` people; None: without
    an end. Raises NotFound, Forbidden, Invalid, and Conflict after too many."""
    here = group_seat(me, conversation_id).conversation.id
    _check(seconds, uses)
    if len(stored.of_group(here, LIVING_MAX)) >= LIVING_MAX:
        raise Conflict(_("This group has too many links. Withdraw one first."))
    secret, moment = secrets.token_urlsafe(32), now()
    until = None if seconds is None else moment + timedelta(seconds=seconds)
    made = Invite(
        id=ObjectId(),
        conversation_id=here,
        token=_hash(secret),
        made_by=me,
        created_at=moment,
        expires_at=until,
        uses_max=uses,
    )
    stored.insert(made)
    return made, secret


def listed(me: UserId, conversation_id: ObjectId | str) -> list[Invite]:
    """The links into a group that were not withdrawn, newest first. Raises NotFound, Forbidden, Invalid."""
    return stored.of_group(group_seat(me, conversation_id).conversation.id, LIVING_MAX)


def revoke(me: UserId, conversation_id: ObjectId | str, invite_id: ObjectId | str) -> None:
    """A link stops working at once. Raises NotFound, Forbidden, Invalid."""
    here = group_seat(me, conversation_id).conversation.id
    if not stored.revoke(here, object_id(invite_id), now()):
        raise NotFound(_("There is no such link."))


def follow(me: UserId, secret: str) -> tuple[Conversation | None, str]:
    """The group that a link leads to, and why it does not let this person in: "gone", "expired", "used", "blocked",
    "removed" or "full"; "" where it does. Of a link that does not work nothing is told, not even the group."""
    invite = stored.by_token(_hash(secret))
    group = None if invite is None else conversations.by_id(invite.conversation_id)
    if invite is None or group is None or not group.is_active:
        return None, "gone"
    if me in group.participants:
        return group, ""
    if trouble := _trouble(me, invite):
        return None, trouble
    return group, rooms.hindrance(me, group)


def join(me: UserId, secret: str) -> Conversation:
    """Comes into the group by its link. Who is in it stays. Raises Forbidden with the reason, and Conflict."""
    group, trouble = follow(me, secret)
    invite = stored.by_token(_hash(secret))
    if group is None or invite is None or trouble:
        raise Forbidden(words(trouble))
    return rooms.come_in(me, group, lambda session: stored.use(session, invite, now()))


def trouble(invite: Invite) -> str:
    """Why a link works for nobody any more: "expired" or "used"; "" where it does."""
    if invite.expires_at is not None and invite.expires_at <= now():
        return "expired"
    return "used" if invite.uses_max is not None and invite.uses >= invite.uses_max else ""


def words(trouble: str) -> str:
    said = {
        "gone": _("This link does not work any more. Ask for a new one."),
        "expired": _("This link has expired. Ask for a new one."),
        "used": _("This link has been used up. Ask for a new one."),
        "blocked": _("You have blocked the person who made this link. Unblock them first."),
    }
    return said.get(trouble) or rooms.words(trouble)


def _trouble(me: UserId, invite: Invite) -> str:
    """A block of the maker's looks like a link that was withdrawn: it is not told. So does one whose maker does not run
    the group any more."""
    maker = UserId(invite.made_by)
    seat = conversations.seat(invite.conversation_id, maker)
    blocks = policy.blocking([me, maker])
    if invite.revoked_at is not None or seat is None or seat.role == "member" or me in blocks[maker]:
        return "gone"
    return trouble(invite) or ("blocked" if maker in blocks[me] else "")


def _check(seconds: int | None, uses: int | None) -> None:
    if seconds is not None and not 60 <= seconds <= SECONDS_MAX:
        said = _("A link works for a minute to a year, or without an end.")
        raise Invalid(said, fields={"seconds": [said]})
    if uses is not None and not 1 <= uses <= MEMBERS_MAX:
        said = _("A link is for one to %(most)d people, or for as many as come.") % {"most": MEMBERS_MAX}
        raise Invalid(said, fields={"uses": [said]})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
