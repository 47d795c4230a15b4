"""What a block does at once to what is open: the blocker's sockets lose the private conversation, nobody sees the other
come and go, and the blocker's pages fold the other's messages away. The other one is told nothing."""

from __future__ import annotations

from accounts import policy
from accounts.services import facts
from chatsite.realtime import hub, presence
from chatsite.realtime.protocol import Presence
from chatsite.types import UserId
from messaging import broadcasts
from messaging.documents import Conversation
from messaging.protocol import BlockChanged
from messaging.repositories import conversations, requests
from messaging.services import attendance, discretion


def block(me: UserId, other: UserId) -> None:
    """This person has blocked the other."""
    discretion.forget(me)
    private = conversations.private_of(me, other)
    if private is not None:
        broadcasts.seat_lost(private.id, me, "blocked")
    _part(me, other, private)
    hub.publish_to_user(me, BlockChanged(user_id=other, on=True))


def _part(one: UserId, other: UserId, private: Conversation | None) -> None:
    """Who saw the other one here sees them go: as anybody goes. Those who did not see each other hear nothing."""
    met = private is not None and not requests.unanswered([private.id])
    hidden = "nobody" in facts.chosen("last_seen", [one, other]).values() or one in policy.blocking([other])[other]
    if hidden or not (met or conversations.share_group(one, other)):
        return
    for gone in presence.shown([one, other]):
        who = other if gone == one else one
        hub.publish_to_users([who], Presence(user_id=gone, state="offline"), fleeting=True)


def unblock(me: UserId, other: UserId) -> None:
    """This person no longer blocks the other: the conversation is back, with what was said in it meanwhile."""
    discretion.forget(me)
    private = conversations.private_of(me, other)
    if private is not None and requests.state(private.id, me) != "declined":
        broadcasts.seat_taken(private, me)
    hub.publish_to_user(me, BlockChanged(user_id=other, on=False))
    attendance.introduce(me, other)
