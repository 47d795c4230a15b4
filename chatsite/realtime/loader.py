"""Answers many questions of one kind with one call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from chatsite.errors import ChatError
from chatsite.realtime.work import in_thread

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

KEYS_MAX = 1000  # of one call


class Loader(Generic[K, V]):
    """What is asked while a call is under way goes out together as the next one: alone, a question waits for nobody;
    when everyone comes back at once, a hundred of them cost hardly more than one.

    `load` runs in a thread and gives an answer for every key it is given; one that is a ChatError is raised where it
    was asked for. Nothing is kept: an answer was read after it was asked for. When a call fails, all that were part of
    it fail with its error.
    """

    def __init__(self, load: Callable[[Sequence[K]], Mapping[K, V | ChatError]]) -> None:
        self._load = load
        self._waiting: list[tuple[Sequence[K], asyncio.Future[Mapping[K, V | ChatError]]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, keys: Sequence[K]) -> dict[K, V]:
        """The answer for each of these keys. On the event loop of the process."""
        future: asyncio.Future[Mapping[K, V | ChatError]] = asyncio.get_running_loop().create_future()
        self._waiting.append((keys, future))
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._run())
        answers = await future
        return {key: _good(answers[key]) for key in keys}

    async def one(self, key: K) -> V:
        """The answer for one key."""
        return (await self((key,)))[key]

    async def _run(self) -> None:
        while self._waiting:
            asked = self._next()
            keys = list(dict.fromkeys(key for wanted, _ in asked for key in wanted))
            try:
                answers = await in_thread(self._load, keys)
            except Exception as error:
                for _, future in asked:
                    if not future.done():
                        future.set_exception(error)
            else:
                for _, future in asked:
                    if not future.done():
                        future.set_result(answers)

    def _next(self) -> list[tuple[Sequence[K], asyncio.Future[Mapping[K, V | ChatError]]]]:
        """The first that wait, as many as make one call."""
        taken, keys = 0, 0
        while taken < len(self._waiting) and (taken == 0 or keys + len(self._waiting[taken][0]) <= KEYS_MAX):
            keys += len(self._waiting[taken][0])
            taken += 1
        asked, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return asked


def _good(answer: V | ChatError) -> V:
    if isinstance(answer, ChatError):
        raise answer
    return answer
