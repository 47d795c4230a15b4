from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from chatsite.queues import AT_ONCE, LANES

GRACE = 2.0  # seconds that jobs have to end when the worker is told to


class Command(BaseCommand):
    help = (
        "Does the queued and scheduled jobs. Long ones have a lane of their own: no mail waits for a copy of all data."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with app.replace_connector(app.connector.get_worker_connector()):
            asyncio.run(self._until_told())

    async def _until_told(self) -> None:
        working, loop = asyncio.create_task(lanes()), asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, working.cancel)
        await asyncio.wait([working])
        if not working.cancelled():
            working.result()


async def lanes(*, wait: bool = True) -> None:
    """Works until cancelled, or, without `wait`, until there is nothing left to do. Where one lane fails, all end."""
    options = {"wait": wait, "shutdown_graceful_timeout": GRACE, "install_signal_handlers": False}
    async with app.open_async(), asyncio.TaskGroup() as group:
        for name, queues in LANES.items():
            at_once = AT_ONCE.get(name, 1)
            group.create_task(app.run_worker_async(name=name, queues=list(queues), concurrency=at_once, **options))
