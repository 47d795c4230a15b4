"""Each message is sent three times at once, over two sockets and HTTP, to two processes (F15): it is stored once.

Seen to fail without the unique index on conversation, sender and client_id (messaging/schema.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from tests.faults import checker
from tests.faults.site import Site, running
from tests.sockets import Client, signed_in

pytestmark = pytest.mark.asyncio
MESSAGES, AT_ONCE = 200, 10
Answer = tuple[str, int]
"""The id and the seq that a message got."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(processes=2) as found:
        yield found


class Sender:
    """One person with several tabs, and a client of the API."""

    def __init__(self, here: str, tabs: list[Client], http: httpx.AsyncClient) -> None:
        self.here, self._tabs, self._http = here, tabs, http

    async def thrice(self) -> list[Answer]:
        """The answers to one message, said three times at once."""
        client_id = str(uuid4())
        ways = [self._say(tab, client_id) for tab in self._tabs]
        return [*await asyncio.gather(*ways, self._post(client_id))]

    async def _say(self, tab: Client, client_id: str) -> Answer:
        await tab.say(self.here, client_id, client_id=client_id)
        ack = await tab.wait("ack", client_id=client_id)
        return ack["message_id"], ack["seq"]

    async def _post(self, client_id: str) -> Answer:
        body = {"client_id": client_id, "content": client_id}
        answer = (await self._http.post(f"conversations/{self.here}/messages/", json=body)).raise_for_status().json()
        return answer["id"], answer["seq"]


@pytest_asyncio.fixture
async def sender(site: Site) -> AsyncIterator[Sender]:
    made = site.people(2, pairs=[(0, 1)])
    token = made.people[0].token
    http = httpx.AsyncClient(base_url=f"{site.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, timeout=20)
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(signed_in(site.socket_url, token)) for _ in range(2)]
        yield Sender(made.pairs[0], tabs, await stack.enter_async_context(http))


async def test_what_is_sent_three_times_is_stored_once(site: Site, sender: Sender) -> None:
    answers: list[list[Answer]] = []
    for _ in range(MESSAGES // AT_ONCE):
        answers += await asyncio.gather(*(sender.thrice() for _ in range(AT_ONCE)))
    assert [len(set(one)) for one in answers] == [1] * MESSAGES
    log = checker.log(site.database, sender.here)
    assert [(one.id, one.seq) for one in log] == sorted((one[0] for one in answers), key=lambda one: one[1])
    assert [one.seq for one in log] == list(range(1, MESSAGES + 1))
