"""The clients' process: apart from the bench, so that their cost is on another core and in nobody's figures.

Run as `python -m chatsite.management.bench.drive`: reads a Job as JSON from its input; prints a Mark a line and
then the Outcome.
"""

from __future__ import annotations

import asyncio
import sys

import msgspec

from chatsite.management.bench.clients import Clients
from chatsite.management.bench.job import Job, Outcome
from chatsite.management.bench.scenarios import KINDS


async def drive(job: Job) -> Outcome:
    scenario = msgspec.convert(job.sizes, KINDS[job.scenario])
    return await scenario.drive(Clients(job))


if __name__ == "__main__":
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(drive(job))) + b"\n")
