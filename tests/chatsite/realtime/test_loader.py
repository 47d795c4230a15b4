"""Many questions become one call, and none gets an answer that is older than itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence

import pytest

from chatsite.errors import ChatError, NotFound
from chatsite.realtime.loader import KEYS_MAX, Loader

pytestmark = pytest.mark.asyncio


class Source:
    """Counts its calls; each waits for `go` where there is one."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.begun = threading.Event()
        self.value = 0
        self.go: threading.Event | None = None

    def __call__(self, keys: Sequence[int]) -> Mapping[int, int | ChatError]:
        self.calls.append(list(keys))
        self.begun.set()
        found = {key: NotFound("no") if key < 0 else key + self.value for key in keys}
        if self.go is not None:
            self.go.wait(5)
        return found


async def test_what_is_asked_meanwhile_goes_out_together() -> None:
    source = Source()
    source.go = threading.Event()
    loader = Loader(source)
    first = asyncio.ensure_future(loader.one(1))
    await asyncio.to_thread(source.begun.wait, 5)
    others = [asyncio.ensure_future(loader.one(key)) for key in (2, 3, 2)]
    await asyncio.sleep(0)
    source.go.set()
    assert await asyncio.gather(first, *others) == [1, 2, 3, 2]
    assert source.calls == [[1], [2, 3]]


async def test_an_answer_is_read_after_it_was_asked_for() -> None:
    source = Source()
    source.go = threading.Event()
    loader = Loader(source)
    first = asyncio.ensure_future(loader.one(1))
    await asyncio.to_thread(source.begun.wait, 5)
    source.value = 100  # what the first call read is out of date now
    second = asyncio.ensure_future(loader.one(1))
    await asyncio.sleep(0)
    source.go.set()
    assert (await first, await second) == (1, 101)


async def test_an_error_is_raised_for_whom_it_is_meant() -> None:
    loader = Loader(Source())
    with pytest.raises(NotFound):
        await loader.one(-1)
    assert await loader([5, 6]) == {5: 5, 6: 6}


async def test_a_call_that_fails_fails_all_of_its_questions_and_no_later_one() -> None:
    broken = [True]

    def load(keys: Sequence[int]) -> dict[int, int]:
        if broken.pop():
            raise RuntimeError("out of order")
        return {key: key for key in keys}

    broken.insert(0, False)
    loader = Loader(load)
    with pytest.raises(RuntimeError, match="out of order"):
        await loader([1, 2])
    assert await loader.one(3) == 3


async def test_a_call_is_bounded() -> None:
    source = Source()
    source.go = threading.Event()
    loader = Loader(source)
    first = asyncio.ensure_future(loader.one(0))
    await asyncio.to_thread(source.begun.wait, 5)
    rest = [asyncio.ensure_future(loader(range(start, start + 600))) for start in (1, 601, 1201)]
    await asyncio.sleep(0)
    source.go.set()
    answers = await asyncio.gather(first, *rest)
    assert len(answers[3]) == 600
    assert [len(one) for one in source.calls] == [1, 600, 600, 600]
    assert max(map(len, source.calls)) <= KEYS_MAX
