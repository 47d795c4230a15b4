"""What a client asks over HTTP: the same as on a socket where none gets through, and whole lists."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tests.faults.needs import Person
from tests.faults.outbox import Said
from tests.faults.site import Site

PATIENCE = 20.0  # seconds for an answer
PAGE = 200  # messages
ASK_AGAIN = 1.0  # seconds after a 503


class Api:
    """One person's, by access token."""

    def __init__(self, site: Site, person: Person) -> None:
        self._site, self._person = site, person

    async def send(self, said: Said) -> httpx.Response:
        """Raises httpx.HTTPError."""
        body = {"client_id": said.client_id, "content": said.content}
        async with self._http() as http:
            return await http.post(f"conversations/{said.conversation_id}/messages/", json=body)

    async def whole_list(self, here: str) -> tuple[list[dict[str, Any]], int]:
        """All messages of a conversation, page by page, and its `rev` then. Raises httpx.HTTPError."""
        found: list[dict[str, Any]] = []
        async with self._http() as http:
            while True:
                query = {"after": len(found), "limit": PAGE}
                answer = await http.get(f"conversations/{here}/messages/", params=query)
                if answer.status_code == 503:
                    await asyncio.sleep(ASK_AGAIN)
                    continue
                page = answer.raise_for_status().json()
                found += page["results"]
                if not page["has_after"]:
                    return found, page["head"][1]

    def _http(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self._person.token}"}
        return httpx.AsyncClient(base_url=f"{self._site.url}/api/v1/", headers=headers, timeout=PATIENCE)
