"""The servers by themselves: what they refuse, and MongoDB finding its port taken."""

from __future__ import annotations

import socket
import socketserver
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from redis.backoff import NoBackoff
from redis.retry import Retry

from chatsite import mongo
from chatsite.embedded.redis import answers
from chatsite.embedded.stack import Stack

ALONE = {"DATABASE_URL": "", "REDIS_URL": ""}


class Taker(socketserver.TCPServer):
    """Ends each connection at once: MongoDB would wait half a minute for the answer of one that says nothing."""

    allow_reuse_address = True  # connections that have just ended are no taker


@contextmanager
def taken(port: int) -> Iterator[None]:
    with Taker(("127.0.0.1", port), socketserver.BaseRequestHandler) as taker, ThreadPoolExecutor(1) as thread:
        thread.submit(taker.serve_forever, poll_interval=0.05)
        try:
            yield
        finally:
            taker.shutdown()


def test_mongod_takes_another_port_when_its_own_is_taken(folder: Path) -> None:
    first = Stack(folder / "data", ALONE)
    first.start()
    try:
        before = first.variables()["MONGODB_URL"]
        with MongoClient(before) as client:
            client.chat.kept.insert_one({"answer": 42})
    finally:
        first.stop()

    port = urlsplit(before).port
    with taken(port):
        second = Stack(folder / "data", ALONE)
        second.start()
        try:
            assert urlsplit(after := second.variables()["MONGODB_URL"]).port != port
            with MongoClient(after) as client:
                assert client.chat.kept.find_one({}, {"_id": False}) == {"answer": 42}
        finally:
            second.stop()


def test_mongod_wants_a_password_and_runs_no_script() -> None:
    with (
        MongoClient("127.0.0.1", urlsplit(settings.MONGODB_URL).port, directConnection=True) as stranger,
        pytest.raises(OperationFailure, match="requires authentication"),
    ):
        stranger.chat.list_collection_names()
    with pytest.raises(OperationFailure, match=r"\$where|[Jj]ava[Ss]cript"):
        list(mongo.database().messages.find({"$where": "true"}))


def test_redis_wants_a_password_and_lets_no_one_change_its_settings() -> None:
    path = urlsplit(settings.REDIS_URL).path
    at_once = Retry(NoBackoff(), 0)  # by itself it tries again, for seconds
    with redis.Redis(unix_socket_path=path, retry=at_once) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with redis.Redis.from_url(settings.REDIS_URL) as ours, pytest.raises(redis.ResponseError, match="(?i)permission"):
        ours.config_set("appendonly", "no")


def test_the_doctor_tells_a_redis_that_answers() -> None:
    assert answers(settings.REDIS_URL)
    user, _, place = settings.REDIS_URL.partition("@")
    assert not answers(f"{user}x@{place}"), "a wrong password"
    assert not answers("unix:///nowhere/redis.sock")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not answers(f"redis://127.0.0.1:{closed.getsockname()[1]}/0")
