"""The open conversation as one person sees it: its head, its members, and where the page stands in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import policy
from accounts.policy import Facts
from accounts.services import faces, facts, people
from accounts.services.people import Card
from chatsite.clock import iso
from chatsite.realtime import presence
from chatsite.types import UserId
from messaging.documents import Conversation, Membership
from messaging.presentation.rows import face, partner, sees_here

RANKS = {"owner": 0, "admin": 1, "member": 2}


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """Someone in the conversation, and what the viewer may do about them."""

    card: Card
    role: str
    role_words: str
    presence: str
    is_me: bool
    removable: bool
    seat: Membership
    folded: bool


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says about the conversation itself."""

    id: str
    kind: str
    title: str
    face: Card
    partner: Card | None
    presence: str
    last_seen: str
    status: str
    role: str
    members: list[MemberView]
    description: str
    public: bool

    @property
    def others(self) -> list[MemberView]:
        return [one for one in self.members if not one.is_me]

    @property
    def heir(self) -> Card | None:
        """Who gets the group when the viewer, whose it is, leaves: the longest-serving admin, else member."""
        if self.role != "owner" or not self.others:
            return None
        return min(self.others, key=lambda one: (RANKS[one.role], one.seat.joined_at, one.seat.id)).card

    @property
    def search(self) -> str:
        """What begins a search in it; a space ends it."""
        if self.partner and self.partner.username:
            return f"in:@{self.partner.username} "
        return f'in:"{self.title}" ' if self.kind == "group" and '"' not in self.title else f"in:{self.id} "

    @property
    def manages(self) -> bool:
        """Whether the viewer may rename, add and remove."""
        return self.kind == "group" and self.role in ("owner", "admin")


def conversation(
    found: Conversation, me: UserId, seats: Sequence[Membership], known: Mapping[UserId, Facts] = facts.UNKNOWN
) -> ConversationView:
    """The conversation with everyone in it: owner first, then admins, then members, each by name."""
    other = partner(found, me)
    ids = [UserId(one.user_id) for one in seats]
    between = facts.completed(known, me, {*ids, *([other] if other else [])} - {me})
    cards = faces.seen(people.cards({me, *between}), between)
    met = found.type == "group" or all(one.request is None for one in seats)
    online = presence.online({me, *(one for one, known in between.items() if met and sees_here(known))})
    mine = next((one.role for one in seats if one.user_id == me), "member")
    members = [_member(one, cards, between.get(UserId(one.user_id)), mine, one.user_id in online) for one in seats]
    shown = face(found, cards[other] if other else None)
    told = other and met and policy.see_last_seen(between[other].sharing("fellow")) == policy.YES
    seen = presence.last_seen(other) if other and told and other not in online else None
    return ConversationView(
        id=str(found.id),
        kind=found.type,
        title=shown.display_name,
        face=shown,
        partner=cards[other] if other else None,
        presence=("online" if other in online else "offline") if other else "",
        last_seen=iso(seen) if seen else "",
        status=_status(found, online=other in online if other else False),
        role=mine,
        description=found.description or "",
        public=bool(found.public),
        members=sorted(members, key=lambda one: (RANKS[one.role], one.card.display_name.casefold())),
    )


def role_words(role: str) -> str:
    return {"owner": _("Owner"), "admin": _("Admin")}.get(role, "")


def _member(
    seat: Membership, cards: Mapping[UserId, Card], between: Facts | None, mine: str, online: bool
) -> MemberView:
    """`between` are the facts between the viewer and this member; None for the viewer's own seat."""
    is_me = between is None
    return MemberView(
        card=cards[UserId(seat.user_id)],
        role=seat.role,
        role_words=role_words(seat.role),
        presence="online" if online else "offline",
        is_me=is_me,
        removable=not is_me and (mine == "owner" or (mine == "admin" and seat.role == "member")),
        seat=seat,
        folded=between is not None and policy.see_unfolded(between) == policy.NO,
    )


def _status(found: Conversation, *, online: bool) -> str:
    if found.type == "private":
        return _("Online") if online else _("Offline")
    count = len(found.participants)
    return ngettext("%(count)d member", "%(count)d members", count) % {"count": count}
