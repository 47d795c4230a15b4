"""Starting and renaming conversations."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.utils.translation import gettext as _

from accounts import access as people
from accounts import policy
from accounts.services import facts
from chatsite.clock import now
from chatsite.errors import Forbidden, Invalid
from chatsite.types import ObjectId, UserId, user_id
from messaging import access, broadcasts, signals
from messaging.documents import NAME_MAX, Conversation, Kind, Membership, Role
from messaging.repositories import changes, conversations, messages
from messaging.services import requests

MEMBERS_MAX = 1000  # people in one group


def start(
    me: UserId, kind: Kind, others: Iterable[UserId | str], name: str | None = None, *, public: bool = False
) -> tuple[Conversation, bool]:
    """A conversation with these people; True when this call made it. Naming oneself among them changes nothing.

    Raises Invalid and NotFound.
    """
    if kind == "group":
        return create_group(me, name or "", others, public=public), True
    if name is not None or public:
        words = _("Only groups have a name and are open to others.")
        raise Invalid(words, fields={"public" if public else "name": [words]})
    wanted = {user_id(one) for one in others}
    if len(wanted - {me}) > 1 or not wanted:
        words = _("A private conversation is with one person.")
        raise Invalid(words, fields={"participants": [words]})
    return start_private(me, next(iter(wanted - {me}), me))


def start_private(me: UserId, other: UserId | str) -> tuple[Conversation, bool]:
    """The one conversation of two people, made when it is not there; True when this call made it.

    Whoever starts it, also both at once. For a stranger it is a message request, and who opens one that they declined
    has it back as such. Raises NotFound for unknown people, Invalid for oneself, Forbidden for whom one blocks and who
    does not take messages. A block of the other's does not stop it, because that would tell.
    """
    other = people.person(me, user_id(other)).chat_id
    if other == me:
        raise Invalid(_("You cannot talk to yourself here."), fields={"participants": [_("Choose someone else.")]})
    if other in policy.blocking([me])[me]:
        raise Forbidden(_("You have blocked this person. Unblock them first."))
    known = conversations.private_of(me, other)
    answer = access.may_message(me, other, None if known is None else known.id)
    if known is None and answer == policy.NO:
        raise Forbidden(_("This person chooses who may write to them first."))
    both = sorted([me, other])
    moment = now()
    fresh = Conversation(
        id=ObjectId(),
        type="private",
        participants=[str(one) for one in both],
        created_by=me,
        created_at=moment,
        updated_at=moment,
        pair=conversations.pair(me, other),
    )
    asked = msgspec.structs.replace(_seat(fresh, other, "member"), request=None if answer == policy.YES else "waiting")
    seats = [_seat(fresh, me, "member"), asked]
    conversation, created = conversations.open_private(conversations.pair(me, other), fresh, seats)
    for one in both if created else ():
        broadcasts.seat_taken(conversation, one)
    requests.reopen(me, conversation)
    return conversation, created


def create_group(me: UserId, name: str, others: Iterable[UserId | str], *, public: bool = False) -> Conversation:
    """A group that this person owns, with the others in it; `public` lets anyone join. Raises Invalid and NotFound."""
    invited = reachable(me, others, "participants")
    moment = now()
    group = Conversation(
        id=ObjectId(),
        type="group",
        participants=[str(one) for one in [me, *invited]],
        name=check_name(name),
        created_by=me,
        created_at=moment,
        updated_at=moment,
        last_message_at=moment,
        public=public or None,
    )
    seats = [_seat(group, me, "owner"), *(_seat(group, one, "member") for one in invited)]
    change, group = changes.record(group.id, "created", me, lambda session: conversations.insert(session, group, seats))
    for one in [me, *invited]:
        broadcasts.seat_taken(group, one, change.rev)
        signals.member_added.send_robust(sender=Conversation, conversation=group, user_id=one, by=me)
    return group


def rename(me: UserId, conversation_id: ObjectId | str, name: str) -> Conversation:
    """Gives a group another name: owners and admins may. Raises NotFound, Forbidden, Invalid."""
    seat = group_seat(me, conversation_id)
    wanted, here = check_name(name), seat.conversation.id
    if wanted == seat.conversation.name:
        return seat.conversation
    change, after = changes.record(
        here, "renamed", me, lambda session: conversations.rename(session, here, wanted), {"name": wanted}
    )
    broadcasts.conversation_changed(after, change)
    return after


def group_seat(
    me: UserId, conversation_id: ObjectId | str, roles: tuple[Role, ...] = ("owner", "admin")
) -> access.Seat:
    """This person's seat in a group, when it has one of these roles. Raises NotFound, Invalid, Forbidden."""
    seat = access.conversation(me, conversation_id)
    if seat.conversation.type != "group":
        raise Invalid(_("This can only be done in groups."))
    if seat.membership.role not in roles:
        raise Forbidden(_("Only the group's owner and admins may do this."))
    return seat


def reachable(me: UserId, others: Iterable[UserId | str], field: str) -> list[UserId]:
    """These people, once each and without oneself, when all exist and may be added by this person. Raises NotFound, and
    Invalid, at this field, that does not say whom it is about, nor whether by a block or by their setting. Two
    queries."""
    wanted = list(dict.fromkeys(one for one in map(user_id, others) if one != me))
    if len(wanted) >= MEMBERS_MAX:
        raise Invalid(_("A group has at most %(most)d members.") % {"most": MEMBERS_MAX})
    found = people.people(me, wanted)
    if any(policy.add_to_group(between) == policy.NO for between in facts.of(me, found).values()):
        words = _("Some of these people cannot be added.")
        raise Invalid(words, fields={field: [words]})
    return found


def check_name(name: str) -> str:
    """A group's name: one line of visible text. Raises Invalid."""
    words = " ".join(name.split())
    if not words:
        raise Invalid(_("A group needs a name."), fields={"name": [_("Give the group a name.")]})
    if len(words) > NAME_MAX or not words.isprintable():
        detail = _("At most %(most)d visible characters.") % {"most": NAME_MAX}
        raise Invalid(detail, fields={"name": [detail]})
    return words


def new_seat(conversation: Conversation, who: UserId, role: Role = "member") -> Membership:
    """A seat as of now: what was said before they came is neither unread nor waiting for their receipt."""
    head = messages.head(conversation.id)
    return _seat(conversation, who, role, head)


def _seat(conversation: Conversation, who: UserId, role: Role, head: int = 0) -> Membership:
    return Membership(
        id=ObjectId(),
        conversation_id=conversation.id,
        user_id=who,
        role=role,
        joined_seq=head,
        delivered_seq=head,
        read_seq=head,
        joined_at=now(),
    )
