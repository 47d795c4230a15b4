"""Files sent by the form alone, and taken along in the copy of one's data."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.services.exports import contents
from accounts.services.exports.making import write
from messaging.documents import Conversation
from messaging.repositories import messages as log
from tests import pictures
from tests.cast import Cast
from tests.messaging.conftest import Apis
from tests.messaging.files.conftest import TEXT, send, stored, upload
from tests.messaging.views.conftest import Enter, enter

__all__ = ["enter"]
pytestmark = pytest.mark.django_db
KEPT = re.compile(r'name="attachments" value="([0-9a-f]{24})"')


def post(browser: Client, where: Conversation, *files: tuple[str, bytes], content: str = "", **more: object) -> Any:
    given = [SimpleUploadedFile(name, data, "x/lie") for name, data in files]
    form = {"client_id": str(uuid4()), "content": content, "files": given} | more
    return browser.post(f"/c/{where.id}/messages/", form)


def sent(where: Conversation) -> list[tuple[str, list[str]]]:
    return [(one.content, one.file_names) for one in log.last(where.id, 9)]


def test_a_form_sends_files_and_the_page_shows_them(cast: Cast, group: Conversation, enter: Enter) -> None:
    browser = enter(cast.ada)
    answer = post(browser, group, ("kite.png", pictures.picture()), ("a <b>.txt", TEXT), content="look")
    assert answer.status_code == 302
    assert sent(group) == [("look", ["kite.png", "a _b_.txt"])]
    page = browser.get(answer["Location"]).content.decode()
    assert 'alt="kite.png" width="60" height="40"' in page and "a _b_.txt" in page
    assert post(browser, group, ("only.txt", TEXT)).status_code == 302
    assert sent(group)[1] == ("", ["only.txt"])


def test_what_cannot_be_sent_comes_back_with_its_files(
    cast: Cast, group: Conversation, enter: Enter, media: Path
) -> None:
    browser = enter(cast.ada)
    answer = post(browser, group, ("kite.txt", TEXT), content="x" * 10_001)
    assert (answer.status_code, sent(group)) == (413, [])
    page = answer.content.decode()
    (file_id,) = KEPT.findall(page)
    assert "kite.txt" in page
    assert post(browser, group, content="shorter", attachments=[file_id]).status_code == 302
    assert sent(group) == [("shorter", ["kite.txt"])]
    assert len(stored(media)) == 1


def test_one_bad_file_keeps_the_others(cast: Cast, group: Conversation, enter: Enter) -> None:
    answer = post(enter(cast.ada), group, ("kite.txt", TEXT), ("empty.txt", b""), content="both")
    page = answer.content.decode()
    assert (answer.status_code, sent(group)) == (400, [])
    assert "This file is empty." in page and "both</textarea>" in page and len(KEPT.findall(page)) == 1


def test_the_same_form_twice_is_one_message_and_an_old_page_loses_nothing(
    cast: Cast, group: Conversation, enter: Enter
) -> None:
    browser, same = enter(cast.ada), str(uuid4())
    for name in ("one.txt", "one.txt", "two.txt"):
        post(browser, group, (name, TEXT), client_id=same)
    assert sent(group) == [("", ["one.txt"]), ("", ["two.txt"])]


def test_others_files_are_not_sent_by_their_id(cast: Cast, api: Apis, group: Conversation, enter: Enter) -> None:
    file = upload(api(cast.ada), group)
    assert post(enter(cast.ben), group, content="mine", attachments=[file["id"]]).status_code == 404
    assert sent(group) == []


def test_the_copy_of_ones_data_has_the_files(cast: Cast, api: Apis, group: Conversation) -> None:
    file = upload(api(cast.ada), group, TEXT, "kite.txt")
    send(cast.ada, group, file["id"], content="look")
    send(cast.ben, group, upload(api(cast.ben), group, pictures.picture(), "kite.png")["id"])
    upload(api(cast.ben), group, b"not sent", "secret.txt")

    class Noted:
        def row(self) -> None:
            pass

    copy = io.BytesIO()
    write(copy, contents.parts(cast.ada.chat_id), Noted())  # type: ignore[arg-type]
    archive = zipfile.ZipFile(copy)
    assert archive.read(f"files/{file['id']}/kite.txt") == TEXT
    assert sorted(one.rpartition("/")[2] for one in archive.namelist() if one.startswith("files/")) == [
        "kite.png",
        "kite.txt",
    ]
    first = json.loads(archive.read(f"conversations/{group.id}.jsonl").splitlines()[0])
    assert first["attachments"][0]["id"] == file["id"]
