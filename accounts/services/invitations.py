"""Links by which people sign up. Of each only the SHA-256 is stored, which is enough for 256 random bits."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from chatsite.errors import Conflict, Forbidden, NotFound
from chatsite.postgres.scope import as_auth

LIVING_MAX = 50  # links of one member that work at the same time
SHOWN = 200  # links on a page, the newest
SESSION_KEY = "invitation"


def may_invite(user: User) -> bool:
    """Whether this person may make links: the staff; members where CHAT_INVITERS says so."""
    return settings.CHAT_SIGNUP != "closed" and (user.is_staff or settings.CHAT_INVITERS == "members")


@as_auth()
def make(me: User, *, days: int, people: int, note: str = "") -> tuple[Invitation, str]:
    """A new link and its secret, which cannot be had again. Raises Forbidden, and Conflict after too many."""
    if not may_invite(me):
        raise Forbidden(_("Here only the staff invite people."))
    if not me.is_staff and _living().filter(made_by=me).count() >= LIVING_MAX:
        raise Conflict(_("You have too many open invitations. Withdraw one first."))
    secret = secrets.token_urlsafe(32)
    until = timezone.now() + timedelta(days=days)
    made = Invitation.objects.create(token=_hash(secret), made_by=me, note=note, uses_max=people, expires_at=until)
    return made, secret


@as_auth()
def listed(me: User) -> list[Invitation]:
    """The links I look after, at most SHOWN, the newest first: mine; the staff look after all."""
    return list(_of(me)[:SHOWN])


def _of(me: User) -> QuerySet[Invitation]:
    mine = Q() if me.is_staff else Q(made_by=me)
    return Invitation.objects.filter(mine).select_related("made_by").order_by("-created_at")


@as_auth()
def withdraw(me: User, invitation: UUID) -> None:
    """A link stops working at once. Raises NotFound where it is none of those I look after."""
    if not _of(me).filter(pk=invitation, revoked_at=None).update(revoked_at=timezone.now()):
        raise NotFound(_("There is no such invitation."))


@as_auth()
def find(secret: str) -> Invitation | None:
    """The invitation of a link, whether it still works or not."""
    return Invitation.objects.filter(token=_hash(secret)).select_related("made_by").first()


def trouble(invitation: Invitation | None) -> str:
    """Why a link does not work: "unknown", "withdrawn", "used" or "expired"; "" where it works."""
    if invitation is None:
        return "unknown"
    if invitation.revoked_at is not None or not invitation.made_by.is_active:
        return "withdrawn"
    if invitation.uses >= invitation.uses_max:
        return "used"
    return "expired" if invitation.expires_at <= timezone.now() else ""


def show(session: MutableMapping[str, Any], invitation: Invitation) -> None:
    """A browser has shown this invitation: its sign-up may use it."""
    session[SESSION_KEY] = str(invitation.pk)


@as_auth()
def shown(session: MutableMapping[str, Any]) -> Invitation | None:
    """The invitation that a browser has shown, while it works."""
    if SESSION_KEY not in session:
        return None
    return _living().filter(pk=session[SESSION_KEY]).select_related("made_by").first()


@as_auth()
def use(invitation: Invitation) -> None:
    """Counts one more person. Raises Forbidden when others were first; who signs up is not saved then."""
    # By its own columns alone: PostgreSQL looks at these again after it has waited for another one's update.
    still = Invitation.objects.filter(pk=invitation.pk, revoked_at=None, uses__lt=F("uses_max"))
    if not still.update(uses=F("uses") + 1):
        raise Forbidden(_("This invitation has just been used up. Ask for a new one."))


def _living() -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        revoked_at=None, uses__lt=F("uses_max"), expires_at__gt=timezone.now(), made_by__is_active=True
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
