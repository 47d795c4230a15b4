"""A hundred megabytes in and out, over the network: the site does not hold them."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import httpx
import psutil
import pytest

from accounts.services import tokens
from messaging.services import conversations
from tests.live import LiveStack

pytestmark = pytest.mark.django_db(transaction=True)
SIZE, PIECE = 100 * 1024**2, 2 * 1024**2
MOST = 16 * 1024**2


@contextmanager
def growing_less_than(pid: int, most: int) -> Iterator[None]:
    """Looks at the memory of a process all the time."""
    site, seen, done = psutil.Process(pid), [0], threading.Event()
    before = site.memory_info().rss

    def watch() -> None:
        while not done.wait(0.02):
            seen.append(site.memory_info().rss - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield
    done.set()
    watcher.join()
    assert max(seen) < most


@pytest.fixture
def client(live_stack: LiveStack, transactional_db: None) -> Iterator[httpx.Client]:
    """ada's, who talks to herself."""
    ada = live_stack.person("ada")
    conversations.create_group(ada.chat_id, "Kites", [])
    bearer = {"Authorization": f"Bearer {tokens.issue(ada).access}"}
    with httpx.Client(base_url=f"{live_stack.url}/api/v1/", headers=bearer, timeout=60) as client:
        yield client


def upload(client: httpx.Client, size: int) -> tuple[str, str]:
    """The address of a file of `size` bytes, and what it must hash to."""
    here = client.get("conversations/").json()["results"][0]["id"]
    begun = client.post("attachments/", json={"conversation_id": here, "name": "large.bin", "size": size}).json()
    block, hashed = bytes(range(256)) * (PIECE // 256), hashlib.sha256()
    for offset in range(0, size, PIECE):
        hashed.update(block)
        said = client.patch(f"attachments/{begun['id']}/", content=block, headers={"Upload-Offset": str(offset)})
        assert said.status_code == 200, said.text
    return urljoin(str(client.base_url), said.json()["url"]), hashed.hexdigest()


def test_a_large_file_comes_and_goes_in_little_memory(live_stack: LiveStack, client: httpx.Client) -> None:
    assert live_stack.web.process is not None
    site = live_stack.web.process.pid
    client.get(upload(client, PIECE)[0])  # what is taken once is not counted
    with growing_less_than(site, MOST):
        url, expected = upload(client, SIZE)
    with growing_less_than(site, MOST), client.stream("GET", url) as answer:
        hashed = hashlib.sha256()
        for block in answer.iter_bytes(2**20):
            hashed.update(block)
    assert hashed.hexdigest() == expected


def test_who_reads_slowly_takes_neither_memory_nor_threads(live_stack: LiveStack, client: httpx.Client) -> None:
    """More than there are threads for requests ask for a large file and do not read it; the site answers others, and
    holds about a megabyte for each of them, with the thread that it began with."""
    assert live_stack.web.process is not None
    url, _hash = upload(client, 16 * PIECE)
    address = urlsplit(url)
    allowed = client.headers["Authorization"]
    asked = f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: {allowed}\r\n\r\n"
    with growing_less_than(live_stack.web.process.pid, 4 * MOST):
        slow = [socket.create_connection((address.hostname or "", address.port or 0)) for _ in range(45)]
        for one in slow:
            one.sendall(asked.encode())
        time.sleep(2)
        assert client.get(f"{live_stack.url}/health/live", timeout=5).status_code == 200
        for one in slow:
            one.close()
