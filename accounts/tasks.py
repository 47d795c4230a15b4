"""What the worker does about accounts by itself."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from accounts.services import avatars, housekeeping

log = logging.getLogger(__name__)


@app.periodic(cron="17 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queueing_lock="accounts.forget_expired")  # type: ignore[untyped-decorator]
def forget_expired(timestamp: int) -> None:
    """Deletes sessions and refresh tokens that are past their time. `timestamp`: when it was due, in Unix seconds."""
    housekeeping.forget_expired_sessions()
    log.info("%d expired refresh tokens deleted", housekeeping.forget_expired_tokens())


@app.periodic(cron="27 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queueing_lock="accounts.forget_pictures")  # type: ignore[untyped-decorator]
def forget_pictures(timestamp: int) -> None:
    """Deletes the files of pictures that nobody has any more. `timestamp`: when it was due, in Unix seconds."""
    log.info("%d files of pictures deleted", avatars.sweep())
