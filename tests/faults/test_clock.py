"""One of two web processes has a wrong clock that jumps (F14): order is by seq, a token is refused and never breaks.

libfaketime is loaded into that process; PyPI's package of that name brings it (tests/requirements.txt).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from tests.faults.checker import check
from tests.faults.clients import Client
from tests.faults.company import apart, settled, talk
from tests.faults.needs import Person
from tests.faults.site import Site, running

pytestmark = pytest.mark.asyncio
LIBRARY = "vendor/libfaketime/src/libfaketime.so.1"
DEBIAN = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
PEOPLE = 8
TALKING = 4.0  # seconds in each time
REQUESTS = 3
AHEAD, BEHIND, RIGHT = "+660s", "-600s", "+0s"


def library() -> Path:
    """libfaketime for the dynamic linker. Fails where there is none, with what to do."""
    spec = find_spec("libfaketime")
    packaged = Path(spec.origin).parent / LIBRARY if spec and spec.origin else DEBIAN
    found = next((one for one in (packaged, DEBIAN) if one.exists()), None)
    assert found, "libfaketime is missing: pip install -r tests/requirements.txt, or apt-get install faketime"
    return found


class Clock:
    """The clock of the second web process."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def set(self, difference: str) -> None:
        """Takes effect within a second."""
        self._file.write_text(difference)

    def variables(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(processes=2) as found:
        yield found


@pytest.fixture(scope="module")
def clock(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Clock:
    found = Clock(tmp_path_factory.mktemp("clock") / "difference")
    found.set(RIGHT)
    wrong = site.webs[1]
    wrong.kill()
    wrong.child.environment = {**wrong.child.environment, **found.variables()}
    wrong.start()
    asyncio.run(site.answering())
    return found


async def test_order_is_by_seq_whatever_the_clocks_say(site: Site, clock: Clock) -> None:
    """Half of the people are with the process whose clock is wrong.

    With `messages.head` by `created_at` in place of `seq`: what the other process is to store is never stored.
    """
    made = site.people(PEOPLE, [range(PEOPLE)])
    here = made.groups[0]
    clients = [Client(site, one, [here], browser=True) for one in made.people]
    async with apart(site, clients):
        for difference in (AHEAD, BEHIND, RIGHT):
            clock.set(difference)
            over = asyncio.Event()
            asyncio.get_running_loop().call_later(TALKING, over.set)
            await talk([(one, here) for one in clients], 20, over.is_set)
        await settled(clients, 30)
    assert check(site.database, clients) > 0
    times = [one["created_at"] for one in site.database["messages"].find(sort=[("seq", 1)])]
    assert times != sorted(times), "no message was written by the wrong clock"


async def statuses(site: Site, person: Person) -> list[set[int]]:
    """What each web process answers to a request with the person's token."""
    headers = {"Authorization": f"Bearer {person.token}", "Connection": "close"}
    seen: list[set[int]] = []
    for web in site.webs:
        with site.only(web):
            async with httpx.AsyncClient(base_url=site.url, headers=headers, timeout=20) as http:
                seen.append({(await http.get("/api/v1/me/")).status_code for _ in range(REQUESTS)})
    return seen


@pytest.mark.parametrize("difference", [AHEAD, BEHIND, "+20s", "-20s"])
async def test_a_token_is_good_or_refused(site: Site, clock: Clock, difference: str) -> None:
    """Within the leeway of 30 s it is good everywhere; beyond it the wrong process says 401.

    Without LEEWAY (accounts/services/tokens/access.py): 401 also from a clock that is 20 s behind.
    """
    (person,) = site.people(1).people
    clock.set(difference)
    await asyncio.sleep(1.5)
    seen = await statuses(site, person)
    clock.set(RIGHT)
    assert seen == [{200}, {401} if difference in (AHEAD, BEHIND) else {200}]
