"""Sign-up by approval: someone waits with a closed account until the staff let them in."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Application, User
from chatsite.errors import NotFound
from chatsite.postgres.scope import as_auth

SESSION_KEY = "waiting"


@as_auth()
def apply(user: User) -> Application:
    """Closes a new account until the staff decide."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    return Application.objects.create(user=user)


@as_auth()
def of(user: User) -> Application | None:
    """Where someone stands who was not let in: waiting, or refused. None for everybody else."""
    return Application.objects.filter(user=user).exclude(approved=True).first()


@as_auth()
def waiting() -> list[Application]:
    """Those about whom the staff have to decide, the longest waiting first."""
    return list(_waiting())


def _waiting() -> QuerySet[Application]:
    return Application.objects.filter(approved=None).select_related("user").order_by("created_at")


@as_auth()
def decide(staff: User, application: UUID, *, approve: bool) -> User:
    """Let someone in, or do not; they hear of it by mail where there is a mail server and they have an
    address. Returns whom.

    Raises NotFound when somebody else has decided before.
    """
    with transaction.atomic():
        found = _waiting().select_for_update(of=("self",)).filter(pk=application).first()
        if found is None:
            raise NotFound(_("This has been decided already."))
        found.approved, found.decided_at, found.decided_by = approve, timezone.now(), staff
        found.save(update_fields=["approved", "decided_at", "decided_by"])
        found.user.is_active = approve
        found.user.save(update_fields=["is_active"])
        transaction.on_commit(lambda: _tell(found.user, approve), robust=True)
    return found.user


def remember(session: MutableMapping[str, Any], user: User) -> None:
    """This browser has proved to be this person, who may come back to see where they stand."""
    session[SESSION_KEY] = str(user.pk)


@as_auth()
def remembered(session: MutableMapping[str, Any]) -> Application | None:
    """The application of whoever this browser proved to be, decided or not."""
    return Application.objects.filter(user__pk=session[SESSION_KEY]).first() if SESSION_KEY in session else None


def _tell(user: User, approve: bool) -> None:
    if not (settings.CHAT_MAIL and user.address):
        return
    subject = _("You may come in") if approve else _("Your sign-up was not accepted")
    context = {"user": user, "approved": approve, "site_name": settings.CHAT_NAME, "address": settings.CHAT_URL}
    body = render_to_string("accounts/email/decided.txt", context)
    send_mail(f"[{settings.CHAT_NAME}] {subject}", body, None, [user.address])
