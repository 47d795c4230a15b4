"""One's picture: uploaded on the page and over the API, shown to whom it may be shown, swept up afterwards."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Profile, User
from accounts.services import avatars, people, relationships, tokens
from accounts.tasks import forget_pictures
from chatsite.images import SIZES, Crop
from tests import pictures
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/avatar/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def upload(browser: Client, data: bytes, name: str = "me.png", claims: str = "image/png", **square: object) -> Any:
    return browser.post("/profile/picture/", {"picture": SimpleUploadedFile(name, data, claims), **square})


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(user).access}"}


def send(user: User, data: bytes, claims: str = "image/png", query: str = "") -> Any:
    return Client().put(ADDRESS + query, data, claims, headers=bearer(user))


def address(user: User) -> str | None:
    return Profile.objects.get(user=user).avatar_url


def files() -> list[Path]:
    return sorted(path for path in Path(default_storage.location).rglob("*") if path.is_file())  # type: ignore[attr-defined]


def test_an_upload_is_shown_wherever_the_person_is(
    ada: Client, cast: Cast, django_capture_on_commit_callbacks: Callable
) -> None:
    people.card(cast.ada.chat_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(ada, pictures.picture())["Location"] == "/profile/"
    shown = address(cast.ada)
    assert shown and people.card(cast.ada.chat_id).avatar_url == shown
    page = ada.get("/profile/").content.decode()
    assert f'src="{shown}"' in page and 'sizes="88px"' in page
    folder = shown.rpartition("/")[0]
    for size in SIZES:
        assert f"{folder}/{size}.webp {size}w" in page
        square = Image.open(io.BytesIO(ada.get(f"{folder}/{size}.webp").content))
        assert (square.format, square.size) == ("WEBP", (size, size))


def test_the_api_takes_the_file_as_it_is(cast: Cast) -> None:
    said = send(cast.ada, pictures.picture("JPEG", 300, 100), "image/jpeg")
    assert (said.status_code, said.json()["avatar_url"]) == (200, address(cast.ada))
    gone = Client().delete(ADDRESS, headers=bearer(cast.ada))
    assert (gone.status_code, gone.json()["avatar_url"], address(cast.ada)) == (200, None, None)


def test_the_square_that_was_chosen_is_taken(ada: Client, cast: Cast) -> None:
    upload(ada, pictures.saved(pictures.halves()), x="100", y="0", side="100")
    blue = address(cast.ada)
    avatars.put(cast.ada.chat_id, pictures.saved(pictures.halves()), Crop(100, 0, 100))
    assert address(cast.ada) == blue
    assert send(cast.ada, pictures.saved(pictures.halves()), query="?x=0&y=0&side=100").json()["avatar_url"] != blue
    upload(ada, pictures.saved(pictures.halves()), x="100", y="", side="")
    assert send(cast.ada, pictures.saved(pictures.halves())).json()["avatar_url"] == address(cast.ada)


@pytest.mark.parametrize("query", ["?x=1", "?x=a&y=0&side=1", "?x=-1&y=0&side=1", "?x=0&y=0&side=0", "?z=1"])
def test_a_square_that_is_none_is_refused_at_its_field(cast: Cast, query: str) -> None:
    said = send(cast.ada, pictures.picture(), query=query)
    assert said.status_code == 400 and said.json()["fields"]
    assert address(cast.ada) is None and files() == []


BAD: list[tuple[str, bytes, int, str]] = [
    ("empty", b"", 400, "empty"),
    ("svg with a script", pictures.SVG, 415, "not a picture"),
    ("page", pictures.SCRIPT, 415, "not a picture"),
    ("cut off", pictures.picture("PNG", 500, 500)[:200], 400, "broken or cut off"),
    ("13,000 × 13,000", pictures.bomb(13_000), 413, "40 million pixels"),
    ("more than 8 MiB", b"\x89PNG\r\n\x1a\n" + bytes(8 * 1024**2), 413, "8 MB"),
]


@pytest.mark.parametrize(("name", "data", "status", "words"), BAD, ids=[one[0] for one in BAD])
def test_bad_uploads_get_clear_words_at_the_field_and_change_nothing(
    ada: Client, cast: Cast, name: str, data: bytes, status: int, words: str
) -> None:
    page, said = upload(ada, data), send(cast.ada, data)
    assert words in str(page.context["picture_form"].errors["picture"])
    assert page.status_code in (status, 400)
    assert said.status_code == status
    assert words in said.json()["fields"]["picture"][0]
    assert address(cast.ada) is None and files() == []


@pytest.mark.parametrize("name", pictures.polyglots())
def test_of_a_polyglot_only_the_picture_is_kept(ada: Client, cast: Cast, name: str) -> None:
    upload(ada, pictures.polyglots()[name], "picture.jpg.html", "text/html")
    folder = str(address(cast.ada)).rpartition("/")[0]
    answer = ada.get(f"{folder}/512.webp")
    assert answer["Content-Type"] == "image/webp" and b"script" not in answer.content


@pytest.mark.parametrize(
    ("name", "claims"),
    [("me.png", "image/png"), ("me.jpg.html", "text/html"), ("../../etc/passwd", "image/png"), ("nul\0.png", ""),
     ("x.svg", "image/svg+xml"), ("é" * 300 + ".png", "image/png"), ("con", "")],
)  # fmt: skip
def test_what_a_file_calls_itself_counts_for_nothing(ada: Client, cast: Cast, name: str, claims: str) -> None:
    """A WebP that says it is a PNG is taken as the WebP it is: nothing of it is kept but its pixels."""
    assert upload(ada, pictures.picture("WEBP"), name, claims).status_code == 302
    assert [path.name for path in files()] == ["128.webp", "48.webp", "512.webp"]
    assert send(cast.ada, pictures.picture("WEBP"), claims or "x/y").json()["avatar_url"] == address(cast.ada)


def test_no_file_at_all_is_said_at_the_field(ada: Client, cast: Cast) -> None:
    assert "Choose a picture" in str(ada.post("/profile/picture/").context["picture_form"].errors["picture"])
    assert Client().put(ADDRESS, headers=bearer(cast.ada)).json()["fields"]["picture"]


def test_a_full_disk_leaves_nothing_and_says_so(ada: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(ada, pictures.picture(colour="green"))
    before, kept = address(cast.ada), files()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    page, said = upload(ada, pictures.picture()), send(cast.ada, pictures.picture())
    assert (page.status_code, said.status_code, said.json()["code"]) == (507, 507, "unavailable")
    assert "no room" in str(page.context["picture_form"].errors["picture"])
    assert (address(cast.ada), files()) == (before, kept)


def test_who_may_see_a_picture(client: Client, cast: Cast) -> None:
    avatars.put(cast.ada.chat_id, pictures.picture())
    shown = str(address(cast.ada))

    def status(who: User | None, at: str = shown) -> int:
        browser = Client()
        if who:
            browser.force_login(who)
        return browser.get(at).status_code

    relationships.block(cast.ada.chat_id, cast.cleo.chat_id)
    assert [status(one) for one in (cast.ada, cast.ben, cast.eve, cast.cleo, None)] == [200, 200, 200, 404, 404]
    assert Client().get(shown, headers=bearer(cast.ben)).status_code == 200
    assert Client().get(shown, headers={"Authorization": "Bearer x"}).status_code == 401
    other = [
        shown.replace("128", "129"),
        "/avatars/x/128.webp",
        f"/avatars/{'0' * 32}/48.webp",
        "/avatars/..%2f/48.webp",
    ]
    assert [status(cast.ada, at) for at in other] == [404] * 4
    avatars.remove(cast.ada.chat_id)
    assert status(cast.ada) == 404


def test_how_a_picture_is_sent(ada: Client, cast: Cast, settings: Any) -> None:
    avatars.put(cast.ada.chat_id, pictures.picture())
    shown = str(address(cast.ada))
    answer = ada.get(shown)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"].startswith("private, ")
    again = ada.get(shown, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    settings.MEDIA_ACCEL = "/internal/"
    passed_on = ada.get(shown)
    assert passed_on.content == b"" and passed_on["Content-Type"] == "image/webp"
    assert passed_on["X-Accel-Redirect"].startswith("/internal/avatars/") and passed_on["X-Accel-Redirect"].endswith(
        "/128.webp"
    )


def test_a_picture_whose_file_is_gone_is_not_there(ada: Client, cast: Cast) -> None:
    avatars.put(cast.ada.chat_id, pictures.picture())
    for path in files():
        path.unlink()
    assert ada.get(str(address(cast.ada))).status_code == 404


def test_pictures_that_nobody_has_are_swept_up(cast: Cast, media: Path) -> None:
    avatars.put(cast.ada.chat_id, pictures.picture(colour="green"))
    avatars.put(cast.ada.chat_id, pictures.picture())
    avatars.put(cast.ben.chat_id, pictures.picture())
    (media / "parts" / "left").write_bytes(b"half")
    assert len(files()) == 10
    forget_pictures(timestamp=0)
    assert len(files()) == 10  # not yet: one may be on its way to its profile
    before = (timezone.now() - timedelta(days=2)).timestamp()
    for path in files():
        os.utime(path, (before, before))
    forget_pictures(timestamp=0)
    assert len(files()) == 6
    assert avatars.own(cast.ada.chat_id) and avatars.own(cast.ben.chat_id) and avatars.own(cast.eve.chat_id) is None


def test_a_request_that_is_too_long_is_cut_off_early(live_server_url: str, cast: Cast) -> None:
    """Whoever it comes from: bodies are read before anybody knows who asks."""
    answer = httpx.put(live_server_url + ADDRESS, content=bytes(17 * 1024**2), timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
