"""What the worker does about accounts by itself."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import Departure, User
from accounts.services import avatars, departures, exports, housekeeping
from chatsite.postgres.scope import as_worker
from chatsite.queues import LONG

log = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queueing_lock="accounts.forget_expired")  # type: ignore[untyped-decorator]
def forget_expired(timestamp: int) -> None:
    """Deletes sessions and refresh tokens that are past their time. `timestamp`: when it was due, in Unix seconds."""
    housekeeping.forget_expired_sessions()
    log.info("%d expired refresh tokens deleted", housekeeping.forget_expired_tokens())


@app.periodic(cron="27 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queue=LONG, queueing_lock="accounts.forget_pictures")  # type: ignore[untyped-decorator]
def forget_pictures(timestamp: int) -> None:
    """Deletes the files of pictures that nobody has any more. `timestamp`: when it was due, in Unix seconds."""
    log.info("%d files of pictures deleted", avatars.sweep())


@app.periodic(cron="37 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queue=LONG, queueing_lock="accounts.carry_out_departures")  # type: ignore[untyped-decorator]
def carry_out_departures(timestamp: int) -> None:
    """Deletes those whose time is up. Where it fails, the others are deleted all the same, and the next night it is
    tried again. `timestamp`: when it was due, in Unix seconds."""
    for user in departures.due(timezone.now()):
        try:
            departures.carry_out(user)
        except Exception:
            log.exception("%s could not be deleted", user)


@app.task  # type: ignore[untyped-decorator]
@as_worker()
def tell_of_departure(user_id: str) -> None:
    """Writes to someone until when they may change their mind. Not to who changed it already."""
    rows = Departure.objects.select_related("user").filter(user__pk=user_id, due_at__isnull=False)
    departure = rows.only("due_at", "user__username", "user__email").first()
    if departure is not None:
        _write(departure.user, "leaving", until=departure.due_at)


@app.task  # type: ignore[untyped-decorator]
@as_worker()
def tell_of_reuse(user_id: str) -> None:
    """Writes to someone that one of their clients was logged out, as its refresh token was used twice."""
    user = User.objects.only("username", "email").filter(pk=user_id, is_active=True).first()
    if user is not None:
        _write(user, "reuse")


def _write(user: User, letter: str, **words: Any) -> None:
    """Sends one of the letters in templates/account/email, where the person has an address."""
    if not user.address:
        return
    context = {"user": user, "site_name": settings.CHAT_NAME, "site_url": settings.CHAT_URL, **words}
    subject = render_to_string(f"account/email/{letter}_subject.txt", context).strip()
    text = render_to_string(f"account/email/{letter}_message.txt", context)
    send_mail(f"[{settings.CHAT_NAME}] {subject}", text, None, [user.address])


@app.task(queue=LONG)  # type: ignore[untyped-decorator]
def make_export(export_id: str) -> None:
    """Makes a copy of somebody's data."""
    exports.make(UUID(export_id))


@app.periodic(cron="57 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queue=LONG, queueing_lock="accounts.forget_exports")  # type: ignore[untyped-decorator]
def forget_exports(timestamp: int) -> None:
    """Deletes copies of data whose time is up. `timestamp`: when it was due, in Unix seconds."""
    log.info("%d files of copies deleted", exports.sweep())
