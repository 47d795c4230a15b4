"""What the worker does about conversations by itself."""

from __future__ import annotations

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from chatsite.clock import now
from chatsite.queues import LINKS, LONG
from messaging.services import attachments, cards, pictures, previews, scheduling, search, threads

log = logging.getLogger(__name__)
LATELY = timedelta(hours=3)  # more than between two runs


@app.periodic(cron="7 * * * *")  # type: ignore[untyped-decorator]  # every hour
@app.task(queue=LONG, queueing_lock="messaging.forget_files")  # type: ignore[untyped-decorator]
def forget_files(timestamp: int) -> None:
    """Deletes files that nobody sent, and what is left of those of deleted messages. `timestamp`: when it was due, in
    Unix seconds."""
    log.info("%d files deleted", attachments.sweep())


@app.periodic(cron="47 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queue=LONG, queueing_lock="messaging.forget_pictures")  # type: ignore[untyped-decorator]
def forget_pictures(timestamp: int) -> None:
    """Deletes the files of pictures that no group has any more. `timestamp`: when it was due, in Unix seconds."""
    log.info("%d files of pictures deleted", pictures.sweep())


@app.periodic(cron="23 * * * *")  # type: ignore[untyped-decorator]  # every hour
@app.task(queue=LONG, queueing_lock="messaging.count_threads")  # type: ignore[untyped-decorator]
def count_threads(timestamp: int) -> None:
    """Counts the threads again that have grown lately, as a process may have died before it had. `timestamp`: when it
    was due, in Unix seconds."""
    log.info("%d threads counted", threads.mend(now() - LATELY))


@app.periodic(cron="*/5 * * * *")  # type: ignore[untyped-decorator]  # and when the worker starts
@app.task(queue=LONG, queueing_lock="messaging.take_into_search")  # type: ignore[untyped-decorator]
def take_into_search(timestamp: int) -> None:
    """Takes into the index of search what is not there: imports, and what a process forgot when it died. `timestamp`:
    when it was due, in Unix seconds."""
    done = search.take_in_all()
    if done.messages or done.mended or done.dropped:
        log.info("search: %d messages taken in, %d blocks mended, %d dropped", done.messages, done.mended, done.dropped)


@app.task(queue=LINKS)  # type: ignore[untyped-decorator]
def preview_links(message_id: str) -> None:
    """Asks the pages that a message links to what they are."""
    previews.make(message_id)


@app.periodic(cron="57 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queue=LONG, queueing_lock="messaging.forget_previews")  # type: ignore[untyped-decorator]
def forget_previews(timestamp: int) -> None:
    """Deletes previews that no message shows. `timestamp`: when it was due, in Unix seconds."""
    log.info("%d previews deleted", cards.sweep())


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]  # every minute
@app.task(queueing_lock="messaging.send_scheduled")  # type: ignore[untyped-decorator]
def send_scheduled(timestamp: int) -> None:
    """Sends messages whose time has come. `timestamp`: when it was due, in Unix seconds."""
    if sent := scheduling.send_due():
        log.info("%d scheduled messages sent", sent)
