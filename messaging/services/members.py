"""Who sits in a group: adding, removing, leaving, roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from django.utils.translation import gettext as _

from chatsite.errors import Forbidden, Invalid, NotFound
from chatsite.types import ObjectId, UserId, user_id
from messaging import access, broadcasts, signals
from messaging.documents import ChangeKind, Conversation, Membership, Role
from messaging.repositories import changes, conversations, rooms
from messaging.services import discretion
from messaging.services.conversations import MEMBERS_MAX, group_seat, new_seat, reachable


def of(conversation_ids: Iterable[ObjectId]) -> dict[ObjectId, list[UserId]]:
    """Who is in each of these conversations: for nobody's eyes. One query."""
    return conversations.members(conversation_ids)


def seats(me: UserId, conversation_id: ObjectId | str) -> list[Membership]:
    """Everyone in the conversation, longest first, with the cursors as they are: for nobody's eyes. Raises NotFound."""
    return conversations.seats(access.conversation(me, conversation_id).conversation.id)


def seats_shown(me: UserId, conversation_id: ObjectId | str) -> list[Membership]:
    """As `seats`, with the cursors that are shown to this person. Raises NotFound."""
    return discretion.sight(me).seats(seats(me, conversation_id))


def add(me: UserId, conversation_id: ObjectId | str, others: Iterable[UserId | str]) -> Conversation:
    """Adds people to a group; those who are in it already stay as they are. Raises NotFound, Forbidden,
    Invalid, and Conflict when someone else adds the same people in the same moment."""
    seat = group_seat(me, conversation_id)
    there = set(seat.conversation.participants)
    fresh = reachable(me, (one for one in map(user_id, others) if one not in there), "user_ids")
    if len(there) + len(fresh) > MEMBERS_MAX:
        raise Invalid(_("A group has at most %(most)d members.") % {"most": MEMBERS_MAX})
    if not fresh:
        return seat.conversation
    here, taken = seat.conversation.id, [new_seat(seat.conversation, one) for one in fresh]
    details = {"user_ids": [str(one) for one in fresh]}
    change, after = changes.record(
        here, "member_added", me, lambda session: conversations.add_seats(session, here, taken), details
    )
    broadcasts.conversation_changed(after, change)
    for one in fresh:
        broadcasts.seat_taken(after, one, change.rev)
        signals.member_added.send_robust(sender=Conversation, conversation=after, user_id=one, by=me)
    return after


def remove(me: UserId, conversation_id: ObjectId | str, who: UserId | str) -> None:
    """Takes someone out of a group, who does not come back by themselves: admins members, the owner anyone. Raises
    NotFound, Forbidden, Invalid."""
    seat = group_seat(me, conversation_id)
    other = user_id(who)
    if other == me:
        raise Invalid(_("Leave the group instead."))
    theirs = _seat_of(seat.conversation, other)
    if seat.membership.role != "owner" and theirs.role != "member":
        raise Forbidden(_("Only the owner may remove an admin."))
    _take_away(me, seat.conversation, other, "member_removed", "removed")


def leave(me: UserId, conversation_id: ObjectId | str) -> None:
    """Leaves a group. An owner's place goes to the longest-serving admin, else member; the last one out closes it."""
    seat = access.conversation(me, conversation_id)
    if seat.conversation.type != "group":
        raise Invalid(_("A private conversation cannot be left."))
    _take_away(me, seat.conversation, me, "member_left", "left")


def take_leave(who: UserId) -> None:
    """Leaves everything: the person is about to be deleted. What they wrote stays; groups pass on as in `leave`.

    Repeated after a failure, it goes on with what is left.
    """
    for here in conversations.seats_of_person(who):
        conversation = conversations.by_id(here)
        if conversation is None:
            continue
        _take_away(who, conversation, who, "member_left", "left")


def set_role(me: UserId, conversation_id: ObjectId | str, who: UserId | str, role: str) -> None:
    """Makes someone admin or member, or hands ownership over; the owner may. Raises NotFound, Forbidden, Invalid."""
    seat = group_seat(me, conversation_id, ("owner",))
    if role not in get_args(Role):
        raise Invalid(_("There is no such role."), fields={"role": [_("Choose owner, admin or member.")]})
    other = user_id(who)
    _seat_of(seat.conversation, other)
    if other == me:
        raise Invalid(_("Hand the group to someone else first."))
    given: Role = "owner" if role == "owner" else "admin" if role == "admin" else "member"
    roles: dict[UserId, Role] = {other: "owner", me: "admin"} if given == "owner" else {other: given}
    here, details = seat.conversation.id, {"user_id": str(other), "role": given}
    change, after = changes.record(
        here, "role_changed", me, lambda session: conversations.set_roles(session, here, roles), details
    )
    broadcasts.conversation_changed(after, change)


def _take_away(me: UserId, conversation: Conversation, who: UserId, kind: ChangeKind, reason: str) -> None:
    here = conversation.id
    give_up = conversations.remove_seat if conversation.type == "group" else conversations.empty_seat
    give_up = rooms.shut_out if kind == "member_removed" else give_up
    change, after = changes.record(here, kind, me, lambda session: give_up(session, here, who), {"user_id": str(who)})
    broadcasts.seat_lost(here, who, reason)
    broadcasts.conversation_changed(after, change)
    signals.member_removed.send_robust(sender=Conversation, conversation=after, user_id=who, by=me)


def _seat_of(conversation: Conversation, who: UserId) -> Membership:
    found = conversations.seat(conversation.id, who)
    if found is None:
        raise NotFound(_("This person is not in the group."))
    return found
