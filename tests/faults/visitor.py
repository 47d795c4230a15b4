"""Someone who keeps asking the site over HTTP while its databases are away, and notes what came back how soon."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import NamedTuple

import httpx

from tests.faults.needs import Person
from tests.faults.site import Site

GIVE_UP = 30.0  # seconds


class Answer(NamedTuple):
    """`status` 0: the connection broke. `at` is time.monotonic() when it was asked."""

    what: str
    status: int
    seconds: float
    at: float
    retry_after: str | None


@dataclass
class Visitor:
    """`here` is a conversation of the person's."""

    site: Site
    person: Person
    here: str
    answers: list[Answer] = field(default_factory=list)

    async def me(self) -> Answer:
        """Who am I, by access token."""
        return await self._ask("me", "GET", "/api/v1/me/", headers=self._token)

    async def page(self) -> Answer:
        """The page of the conversation, by session cookie."""
        return await self._ask("page", "GET", f"/c/{self.here}/", headers={"Cookie": f"session={self.person.session}"})

    async def post(self) -> Answer:
        """A message."""
        path = f"/api/v1/conversations/{self.here}/messages/"
        body = {"client_id": str(uuid.uuid4()), "content": "over HTTP"}
        return await self._ask("post", "POST", path, headers=self._token, json=body)

    async def log_in(self) -> Answer:
        """With a wrong password: the answer is 401 as long as people can be looked up."""
        body = {"login": self.person.username, "password": "not the one"}
        return await self._ask("log in", "POST", "/api/v1/auth/token/", json=body)

    async def stay(self, every: float) -> None:
        """Asks for everything again and again, until cancelled; slow answers do not hold up the next question."""
        async with asyncio.TaskGroup() as asking:
            while True:
                for one in (self.me, self.page, self.post):
                    asking.create_task(one())
                    await asyncio.sleep(every)

    @property
    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.person.token}"}

    async def _ask(self, what: str, method: str, path: str, **more: object) -> Answer:
        began = time.monotonic()
        try:
            async with httpx.AsyncClient(base_url=self.site.url, timeout=GIVE_UP) as http:
                said = await http.request(method, path, **more)  # type: ignore[arg-type]
            status, after = said.status_code, said.headers.get("Retry-After")
        except httpx.HTTPError:
            status, after = 0, None
        answer = Answer(what, status, time.monotonic() - began, began, after)
        self.answers.append(answer)
        return answer
