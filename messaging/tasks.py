"""What the worker does about conversations by itself."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from chatsite.queues import LONG
from messaging.services import attachments

log = logging.getLogger(__name__)


@app.periodic(cron="7 * * * *")  # type: ignore[untyped-decorator]  # every hour
@app.task(queue=LONG, queueing_lock="messaging.forget_files")  # type: ignore[untyped-decorator]
def forget_files(timestamp: int) -> None:
    """Deletes files that nobody sent, and what is left of those of deleted messages. `timestamp`: when it was due, in
    Unix seconds."""
    log.info("%d files deleted", attachments.sweep())
