"""The process's one connection to MongoDB."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chatsite import mongo
from chatsite.mongo.client import _client

THREADS = 16


@pytest.mark.mongo
def test_threads_that_ask_first_at_once_share_one_client() -> None:
    mongo.client().close()
    _client.cache_clear()
    together = Barrier(THREADS)

    def ask(_: int) -> int:
        together.wait()
        return id(mongo.client())

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(ask, range(THREADS)))) == 1
