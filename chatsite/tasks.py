"""What the worker does about the site itself."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEEP_JOBS = 7 * 24  # hours a finished job stays to be looked at


@app.periodic(cron="47 3 * * *")  # type: ignore[untyped-decorator]  # every night; UTC
@app.task(queueing_lock="chatsite.forget_old_jobs", pass_context=True)  # type: ignore[untyped-decorator]
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Deletes jobs that are done, failed ones too, once they are old. `timestamp`: when it was due, in Unix seconds."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS, include_failed=True, include_cancelled=True, include_aborted=True
    )
