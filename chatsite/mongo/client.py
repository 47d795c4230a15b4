from __future__ import annotations

import os
import threading
from functools import lru_cache
from typing import Any

from bson.codec_options import CodecOptions
from django.conf import settings
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WTimeoutError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]

WRITE_TIMEOUT = 5000  # milliseconds a write may wait for the majority's journals
ANSWER_WITHIN = 8000
"""Milliseconds for an answer, more than WRITE_TIMEOUT. A primary that stops without a word holds whoever waits for it
so long: only then the write is tried at the one that was elected meanwhile."""
DURABLE = WriteConcern(w="majority", j=True, wtimeout=WRITE_TIMEOUT)
MAJORITY = ReadConcern("majority")
AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
_making = threading.Lock()


@lru_cache(maxsize=1)
def _client(pid: int) -> MongoClient[Document]:
    return MongoClient(
        settings.MONGODB_URL,
        appname=f"chat:{pid}",
        maxPoolSize=50,
        minPoolSize=0,
        waitQueueTimeoutMS=2000,
        serverSelectionTimeoutMS=5000,
        connectTimeoutMS=3000,
        socketTimeoutMS=ANSWER_WITHIN,
        retryWrites=True,
        tz_aware=True,
    )


def client() -> MongoClient[Document]:
    """This process's client, made on first use: a client must not be shared across a fork.

    Threads that ask first at once must get the same one: what a session of one began, another refuses to go on with.
    """
    with _making:
        return _client(os.getpid())


def database() -> Database[Document]:
    """The chat's database: majority reads, majority journalled writes, aware datetimes."""
    return client().get_default_database("chat", codec_options=AWARE, write_concern=DURABLE, read_concern=MAJORITY)


def answers() -> bool:
    """Whether a primary answers now."""
    try:
        return bool(client().admin.command("hello").get("isWritablePrimary"))
    except PyMongoError:
        return False


def is_outage(error: BaseException) -> bool:
    """Whether the server was away or too slow, rather than asked for something wrong: trying again may help."""
    if isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError):
        return True
    labels = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
    return isinstance(error, PyMongoError) and any(error.has_error_label(one) for one in labels)
