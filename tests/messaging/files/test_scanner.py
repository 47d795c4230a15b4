"""A scanner that speaks as clamd does: what it finds is not kept, and while it is away nothing passes."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from messaging.documents import Conversation
from messaging.services import filing
from tests.cast import Cast
from tests.messaging.conftest import Api, Apis, problem
from tests.messaging.files.conftest import TEXT, begin, piece, stored, upload

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """The INSTREAM command as clamd's manual has it: pieces with their length before them, none at the end."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > 2_000_000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    server: socketserver.BaseServer
    if request.param == "unix":
        path = str(tmp_path_factory.mktemp("c") / "s")
        server, settings.CLAMD = socketserver.UnixStreamServer(path, Clamd), f"unix://{path}"
    else:
        server = socketserver.TCPServer(("127.0.0.1", 0), Clamd)
        settings.CLAMD = f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def sent(api: Api, where: Conversation, content: bytes) -> tuple[str, Any]:
    file = begin(api, where, "kite.txt", len(content)).json()["id"]
    return file, piece(api, file, 0, content)


@pytest.mark.usefixtures("clamd")
def test_what_is_found_is_not_kept(cast: Cast, api: Apis, group: Conversation, media: Path) -> None:
    ada = api(cast.ada)
    file, said = sent(ada, group, b"hello " + EICAR)
    assert "virus scanner" in problem(said, 422, "invalid")["detail"]
    assert stored(media) == []
    problem(ada.get(f"attachments/{file}/"), 404, "not_found")
    assert upload(ada, group)["state"] == "ready"


@pytest.mark.usefixtures("clamd")
def test_what_the_scanner_does_not_take_is_too_large(cast: Cast, api: Apis, group: Conversation, media: Path) -> None:
    _file, said = sent(api(cast.ada), group, bytes(2_000_001))
    assert "scanner" in problem(said, 413, "too_large")["detail"]
    assert stored(media) == []


def test_while_the_scanner_is_away_files_wait(
    cast: Cast, api: Apis, group: Conversation, settings: Any, media: Path
) -> None:
    settings.CLAMD = f"unix://{media}/nobody"
    file, said = sent(api(cast.ada), group, TEXT)
    problem(said, 503, "unavailable")
    assert said["Retry-After"]
    settings.CLAMD = ""  # it is back
    assert piece(api(cast.ada), file, len(TEXT), b"").json()["state"] == "ready"
    assert stored(media) == [str(Path(filing.whole(stored(media)[0].rpartition("/")[2])))]
