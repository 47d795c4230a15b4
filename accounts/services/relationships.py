"""Friends and blocks. One row per direction, from the person who said it.

Asking makes the asker's row (`friend`, `pending`). Accepting makes both rows `friend`, `accepted`, so that everyone's
friends are one look-up of their own rows. Asking someone who has asked already is accepting. Rejecting keeps the
asker's row as `rejected`, which the asker goes on seeing as pending: a refusal is nobody's business. Blocking replaces
the blocker's own row and ends a friendship; a request of the blocked person stays theirs to see, but reaches nobody.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import policy
from accounts.models import Relationship, User
from accounts.services import facts
from accounts.signals import announce, block_changed, friend_accepted, friend_requested
from chatsite.errors import Conflict, Invalid, NotFound
from chatsite.postgres import turns
from chatsite.postgres.scope import acting
from chatsite.types import UserId
from chatsite.web.pagination import pack, unpack

Type, Status = Relationship.Type, Relationship.Status


@acting
@transaction.atomic
def request(me: UserId, other: UserId) -> Relationship:
    """Ask someone to be friends, or accept where they have asked. Asking twice changes nothing.
    Raises Conflict while I block them."""
    _lock(me, other)
    mine, theirs = _row(me, other), _row(other, me)
    allowed = policy.befriend(facts.between(me, other))
    if allowed == policy.NO:
        raise Conflict(_("You have blocked this person. Unblock them first."))
    if mine:
        return mine
    if theirs and theirs.type == Type.FRIEND:
        return _befriend(me, other)
    row = _put(me, other, Type.FRIEND, Status.PENDING)
    if allowed == policy.REQUEST:
        announce(friend_requested, user_id=me, other_id=other)
    return row


@acting
@transaction.atomic
def accept(me: UserId, other: UserId) -> Relationship:
    """Accept a request. Accepting twice changes nothing. Raises NotFound where there is none."""
    _lock(me, other)
    mine, theirs = _row(me, other), _row(other, me)
    if mine and (mine.type, mine.status) == (Type.FRIEND, Status.ACCEPTED):
        return mine
    if theirs is None or not _waiting(theirs) or (mine and mine.type == Type.BLOCKED):
        raise NotFound(_("There is no such request any more."))
    return _befriend(me, other)


@acting
@transaction.atomic
def reject(me: UserId, other: UserId) -> None:
    """Turn a request down; the asker is not told. Raises NotFound where there is none."""
    _lock(me, other)
    theirs = _row(other, me)
    if theirs is None or not _waiting(theirs):
        raise NotFound(_("There is no such request any more."))
    theirs.status = Status.REJECTED
    theirs.save(update_fields=["status", "updated_at"])


@acting
@transaction.atomic
def cancel(me: UserId, other: UserId) -> None:
    """Take my request back. Nothing happens where it has been accepted meanwhile, or is not there."""
    _lock(me, other)
    _said(me, other).filter(type=Type.FRIEND).exclude(status=Status.ACCEPTED).delete()


@acting
@transaction.atomic
def unfriend(me: UserId, other: UserId) -> None:
    """End a friendship, for both. Nothing happens where there is none."""
    _lock(me, other)
    _end_friendship(me, other)


@acting
@transaction.atomic
def block(me: UserId, other: UserId) -> Relationship:
    """Let someone reach me no more; they are not told. Ends a friendship. Repeated, it changes nothing: what they may
    see of me ends with the first time."""
    _lock(me, other)
    mine = _row(me, other)
    if mine and mine.type == Type.BLOCKED:
        return mine
    _end_friendship(me, other)
    row = _put(me, other, Type.BLOCKED, Status.ACCEPTED)
    announce(block_changed, user_id=me, other_id=other, on=True)
    return row


@acting
@transaction.atomic
def unblock(me: UserId, other: UserId) -> None:
    """Lift my block. What they said about me meanwhile stands. Nothing happens where there is none."""
    _lock(me, other)
    lifted, _by_table = _said(me, other).filter(type=Type.BLOCKED).delete()
    if lifted:
        announce(block_changed, user_id=me, other_id=other, on=False)


@acting
def standing(me: UserId, other: UserId) -> str:
    """How I see the two of us: `none`, `requested` (by me), `asked` (by them), `friends` or `blocked` (by me)."""
    mine, theirs = _row(me, other), _row(other, me)
    if mine:
        if mine.type == Type.BLOCKED:
            return "blocked"
        return "friends" if mine.status == Status.ACCEPTED else "requested"
    return "asked" if theirs and _waiting(theirs) else "none"


@acting
def friends(me: UserId) -> list[UserId]:
    """Those who are friends with me, the latest first."""
    return _others(Relationship.objects.filter(user__pk=me, type=Type.FRIEND, status=Status.ACCEPTED))


@acting
def requests_to(me: UserId) -> list[UserId]:
    """Those who wait for my answer, the latest first."""
    rows = Relationship.objects.filter(related_user__pk=me, type=Type.FRIEND, status=Status.PENDING)
    return _others(rows.exclude(user__pk__in=blocked(me)), "user_id")


@acting
def requests_from(me: UserId) -> list[UserId]:
    """Those whose answer I wait for, as far as I know."""
    return _others(Relationship.objects.filter(user__pk=me, type=Type.FRIEND).exclude(status=Status.ACCEPTED))


@acting
def blocked(me: UserId) -> list[UserId]:
    """Those whom I have blocked."""
    return _others(Relationship.objects.filter(user__pk=me, type=Type.BLOCKED))


def visible(me: UserId) -> QuerySet[Relationship]:
    """The rows I may know of: what I have said, and the requests that wait for me. A refusal of my request is among
    them as `rejected`; show it as pending."""
    waiting = Q(related_user__pk=me, type=Type.FRIEND, status=Status.PENDING) & ~Q(user__pk__in=blocked(me))
    return Relationship.objects.filter(Q(user__pk=me) | waiting)


@acting
def one(me: UserId, row: UUID) -> Relationship:
    """A visible row. Raises NotFound."""
    found = visible(me).filter(pk=row).first()
    if found is None:
        raise NotFound(_("There is no such relationship."))
    return found


@acting
def page(me: UserId, limit: int, word: str = "") -> tuple[list[Relationship], str | None]:
    """Up to `limit` visible rows, the newest first, and the word that continues after them. Raises Invalid for a word
    that is not one of these."""
    rows = visible(me)
    if word:
        at, key = unpack(word, 2)
        try:
            when, after = datetime.fromisoformat(at), UUID(key)
        except ValueError:
            raise Invalid(_("This page does not exist.")) from None
        rows = rows.filter(Q(created_at__lt=when) | Q(created_at=when, pk__lt=after))
    found = list(rows.order_by("-created_at", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], pack(last.created_at.isoformat(), str(last.pk)) if last else None


def status_shown(row: Relationship) -> str:
    """A row's status as its owner may see it: a refusal looks like an answer that has not come yet."""
    return Status.PENDING if row.status == Status.REJECTED else row.status


@acting
def withdraw(me: UserId, row: Relationship) -> None:
    """Undo one visible row: cancel, unfriend or unblock where it is mine, reject where it waits for me."""
    if str(row.user_id) != me:
        reject(me, UserId(str(row.user_id)))
        return
    other = UserId(str(row.related_user_id))
    if row.type == Type.BLOCKED:
        unblock(me, other)
    elif row.status == Status.ACCEPTED:
        unfriend(me, other)
    else:
        cancel(me, other)


def _lock(me: UserId, other: UserId) -> None:
    """Hold what is between the two, so that two who act on each other at once do it in turn."""
    if me == other:
        raise Invalid(_("This is you."))
    turns.take("/".join(sorted((me, other))))
    if User.objects.filter(pk__in=[me, other], is_active=True).count() != 2:
        raise NotFound(_("There is no such person."))


def _said(by: UserId, about: UserId) -> QuerySet[Relationship]:
    return Relationship.objects.filter(user__pk=by, related_user__pk=about)


def _row(user: UserId, other: UserId) -> Relationship | None:
    return _said(user, other).first()


def _waiting(row: Relationship) -> bool:
    return (row.type, row.status) == (Type.FRIEND, Status.PENDING)


def _put(user: UserId, other: UserId, kind: Relationship.Type, status: Relationship.Status) -> Relationship:
    row = _row(user, other)
    if row is None:
        return Relationship.objects.create(user_id=UUID(user), related_user_id=UUID(other), type=kind, status=status)
    row.type, row.status = kind, status
    row.save(update_fields=["type", "status", "updated_at"])
    return row


def _befriend(me: UserId, other: UserId) -> Relationship:
    _put(other, me, Type.FRIEND, Status.ACCEPTED)
    announce(friend_accepted, user_id=me, other_id=other)
    return _put(me, other, Type.FRIEND, Status.ACCEPTED)


def _end_friendship(me: UserId, other: UserId) -> None:
    Relationship.objects.filter(
        user__pk__in=[me, other], related_user__pk__in=[me, other], type=Type.FRIEND, status=Status.ACCEPTED
    ).delete()


def _others(rows: QuerySet[Relationship], who: str = "related_user_id") -> list[UserId]:
    return [UserId(str(row)) for row in rows.order_by("-updated_at").values_list(who, flat=True)]
