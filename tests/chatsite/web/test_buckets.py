"""Files in a store that speaks S3: moto's server, over the network."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from chatsite.errors import Unavailable
from chatsite.web.buckets import Buckets
from chatsite.web.storage import listing, untouched
from messaging.documents import Conversation
from messaging.services import amendments
from tests import pictures
from tests.cast import Cast
from tests.messaging.conftest import Apis, api, group, unheard
from tests.messaging.files.conftest import TEXT, Get, begin, body, get, piece, send, upload

__all__ = ["api", "get", "group", "unheard"]


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadedMotoServer]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(server: ThreadedMotoServer, settings: Any, tmp_path: Any) -> Buckets:
    """The one that the site uses, with an empty bucket."""
    host, port = server.get_host_and_port()
    options = {"bucket_name": "kites", "endpoint_url": f"http://{host}:{port}", "region_name": "us-east-1"}
    options |= {"access_key": "a", "secret_key": "b"}
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "chatsite.web.buckets.Buckets", "OPTIONS": options}}
    settings.DATA_DIR = tmp_path
    store = storages["default"]
    assert isinstance(store, Buckets)
    store.connection.create_bucket(Bucket="kites")
    store.bucket.objects.all().delete()
    return store


def names(store: Buckets) -> list[str]:
    return sorted(one.key for one in store.bucket.objects.all())


def test_a_name_is_final_and_saving_again_replaces(store: Buckets) -> None:
    assert store.save("a/b/one", ContentFile(b"1")) == store.save("a/b/one", ContentFile(b"22"))
    assert store.open("a/b/one").read() == b"22"
    assert names(store) == ["a/b/one"]
    assert listing("a") == (["b"], []) and listing("a/b") == ([], ["one"]) and listing("z") == ([], [])
    assert untouched("a/b/one", timedelta(0)) and not untouched("a/b/one", timedelta(hours=1))
    store.delete("a/b/one")
    store.delete("a/b/one")
    for missing in (store.open, store.size):
        with pytest.raises(FileNotFoundError):
            missing("a/b/one")


def test_a_file_is_read_from_where_one_begins(store: Buckets) -> None:
    data = bytes(range(256)) * 1000
    store.save("one", ContentFile(data))
    with store.open("one") as file:
        file.seek(200_000)
        assert file.read(10) == data[200_000:200_010]
        file.seek(0)
        assert file.read() == data
        assert file.read(1) == b""
        file.seek(-3, 2)
        assert file.read() == data[-3:]


def test_a_store_that_is_away_is_said_to_be(store: Buckets) -> None:
    store.save("one", ContentFile(b"1"))
    store.bucket.objects.all().delete()
    store.connection.meta.client.delete_bucket(Bucket="kites")
    with pytest.raises(Unavailable):
        store.save("one", ContentFile(b"1"))


@pytest.mark.django_db
def test_files_of_messages_come_go_and_are_deleted(
    store: Buckets, cast: Cast, api: Apis, group: Conversation, get: Get
) -> None:
    ada = api(cast.ada)
    file = begin(ada, group, "kite.txt", len(TEXT)).json()["id"]
    piece(ada, file, 0, TEXT[:1000])
    whole = piece(ada, file, 1000, TEXT[1000:]).json()
    picture = upload(ada, group, pictures.picture("PNG", 900, 600), "kite.png")
    sent = send(cast.ada, group, file, picture["id"])
    assert body(get(cast.ben, whole["url"])) == TEXT
    part = get(cast.ben, whole["url"], Range="bytes=100-199")
    assert (part.status_code, body(part)) == (206, TEXT[100:200])
    folder = picture["url"].rpartition("/")[0]
    assert body(get(cast.ben, f"{folder}/shown/720.webp")).startswith(b"RIFF")
    assert get(cast.eve, whole["url"]).status_code == 404
    assert len(names(store)) == 4
    amendments.delete(cast.ada.chat_id, sent.id, "1" * 8 + "-1111" * 3 + "-" + "1" * 12)
    assert names(store) == []
    assert get(cast.ben, whole["url"]).status_code == 404
