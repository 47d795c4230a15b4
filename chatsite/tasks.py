"""What the worker does about the site itself."""

from __future__ import annotations

import smtplib

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from chatsite import letters
from chatsite.queues import MAIL

UNTIL_TAKEN = RetryStrategy(
    max_attempts=8, wait=5, linear_wait=30, retry_exceptions=[OSError, smtplib.SMTPException]
)  # seconds: a quarter of an hour in all, as long as a code is good
KEEP_JOBS = 7 * 24  # hours a finished job stays to be looked at


@app.periodic(cron="47 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queueing_lock="chatsite.forget_old_jobs", pass_context=True)  # type: ignore[untyped-decorator]
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Deletes jobs that are done, failed ones too, once they are old. `timestamp`: when it was due, in Unix seconds."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.task(queue=MAIL, retry=UNTIL_TAKEN)  # type: ignore[untyped-decorator]
def deliver(letter: str) -> None:
    """Takes a letter to the mail server, again and again until that takes it."""
    letters.deliver(letter)


@app.periodic(cron="*/5 * * * *")  # type: ignore[untyped-decorator]
@app.task(queueing_lock="chatsite.send_what_was_left", pass_context=True)  # type: ignore[untyped-decorator]
async def send_what_was_left(context: JobContext, timestamp: int) -> None:
    """Letters that a worker had in its hands when it died go out after all: better twice than never. `timestamp`: when
    it was due, in Unix seconds."""
    for job in await context.app.job_manager.get_stalled_jobs(queue=MAIL):
        await context.app.job_manager.retry_job(job)
