"""How a file is handed out: nothing of it runs, parts of it can be asked for, a picture is made anew (A13)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from messaging.documents import Conversation
from tests import pictures
from tests.cast import Cast
from tests.messaging.conftest import Apis
from tests.messaging.files.conftest import TEXT, Get, body, send, stored, upload

pytestmark = pytest.mark.django_db
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(range(256)) * 40


def test_a_part_of_it(cast: Cast, api: Apis, group: Conversation, get: Get) -> None:
    url, last = upload(api(cast.ada), group, MP4)["url"], len(MP4) - 1
    asked = {
        "bytes=0-": (0, last),
        "bytes=0-0": (0, 0),
        "bytes=100-199": (100, 199),
        "bytes=-5": (last - 4, last),
        f"bytes={last}-999999": (last, last),
        "bytes=-999999": (0, last),
    }
    for words, (first, end) in asked.items():
        answer = get(cast.ada, url, Range=words)
        assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{end}/{len(MP4)}"), words
        assert body(answer) == MP4[first : end + 1]
        assert answer["Content-Length"] == str(end + 1 - first)
    for words in (f"bytes={len(MP4)}-", "bytes=5-4", "bytes=-0", "bytes=-"):
        answer = get(cast.ada, url, Range=words)
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(MP4)}"), words
    for words in ("bytes=0-1,3-4", "lines=1-2", "bytes=x-"):
        answer = get(cast.ada, url, Range=words)
        assert (answer.status_code, body(answer)) == (200, MP4), words
    changed = get(cast.ada, url, Range="bytes=0-1", If_Range='"another"')
    assert changed.status_code == 200


def test_what_is_played_and_what_is_saved(cast: Cast, api: Apis, group: Conversation, get: Get) -> None:
    film = get(cast.ada, upload(api(cast.ada), group, MP4, "kite.exe")["url"])
    assert (film["Content-Type"], film["Content-Disposition"]) == ("video/mp4", 'inline; filename="kite.exe"')
    assert film["Accept-Ranges"] == "bytes"
    for name in ("kite.mp4", "ünï “kite”.html"):
        text = get(cast.ada, upload(api(cast.ada), group, TEXT, name)["url"])
        assert text["Content-Type"] == "application/octet-stream"
        assert text["Content-Disposition"].startswith("attachment; filename")


HOSTILE: dict[str, bytes] = {
    "svg": pictures.SVG,
    "page": pictures.SCRIPT,
    "xml": b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "pdf": b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >>",
    "13,000 × 13,000": pictures.bomb(13_000),
    "says large, is nothing": pictures.lying_header(6000, 6000),
    "broken": pictures.picture("PNG", 500, 500)[:200],
    "bytes": bytes(range(256)),
    **pictures.polyglots(),
}
NAMES = ["kite.png", "kite.html", "kite.svg", "kite.jpg.html"]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_is_run(cast: Cast, api: Apis, group: Conversation, get: Get, name: str) -> None:
    for called in NAMES:
        file = upload(api(cast.ada), group, HOSTILE[name], called)
        send(cast.ada, group, file["id"])
        answer = get(cast.ben, file["url"])
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert body(answer) == HOSTILE[name]


def shown(url: str, size: int) -> str:
    return f"{url.rpartition('/')[0]}/shown/{size}.webp"


def test_a_picture_is_shown_made_anew_and_upright(cast: Cast, api: Apis, group: Conversation, get: Get) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera that tells"
    data = pictures.saved(pictures.halves(2000, 1000), "JPEG", exif=exif, icc_profile=b"tells" * 99)
    file = upload(api(cast.ada), group, data, "kite.jpg")
    assert (file["type"], file["width"], file["height"]) == ("image/jpeg", 1000, 2000)
    attachment = send(cast.ada, group, file["id"]).attachments[0]
    assert attachment.blur and attachment.blur.startswith("data:image/webp;base64,")
    for size, edges in ((720, (360, 720)), (2048, (1000, 2000))):
        answer = get(cast.ben, shown(file["url"], size))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        made = body(answer)
        assert Image.open(io.BytesIO(made)).size == edges
        assert b"tells" not in made and b"EXIF" not in made
        assert get(cast.eve, shown(file["url"], size)).status_code == 404
    assert get(cast.ben, shown(file["url"], 16)).status_code == 404
    again = get(cast.ben, shown(file["url"], 720), If_None_Match=answer["ETag"].replace("2048", "720"))
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["13,000 × 13,000", "says large, is nothing", "broken"])
def test_a_picture_that_cannot_be_read_is_a_file(
    cast: Cast, api: Apis, group: Conversation, get: Get, media: Path, name: str
) -> None:
    file = upload(api(cast.ada), group, HOSTILE[name], "kite.png")
    assert (file["type"], file["width"]) == ("image/png", None)
    assert get(cast.ada, shown(file["url"], 720)).status_code == 404
    assert len(stored(media)) == 1


def test_an_archive_is_not_unpacked(cast: Cast, api: Apis, group: Conversation, media: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../out.txt", bytes(50 * 1024**2))
    file = upload(api(cast.ada), group, packed.getvalue(), "42.zip")
    assert file["type"] == "application/zip"
    assert sum((media / one).stat().st_size for one in stored(media)) == len(packed.getvalue())


def test_a_proxy_sends_it_where_there_is_one(
    cast: Cast, api: Apis, group: Conversation, get: Get, settings: Any
) -> None:
    file = upload(api(cast.ada), group, pictures.picture(), "kite.png")
    settings.MEDIA_ACCEL = "/internal/"
    key = file["url"].split("/")[2]
    for url, name in ((file["url"], key), (shown(file["url"], 720), f"{key}.720.webp")):
        answer = get(cast.ada, url)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["X-Accel-Redirect"] == f"/internal/files/{key[:2]}/{name}"
        assert get(cast.eve, url).status_code == 404


def test_a_file_that_is_lost_is_not_there(cast: Cast, api: Apis, group: Conversation, get: Get, media: Path) -> None:
    file = upload(api(cast.ada), group, pictures.picture(), "kite.png")
    for one in stored(media):
        (media / one).unlink()
    assert [get(cast.ada, url).status_code for url in (file["url"], shown(file["url"], 720))] == [404, 404]
