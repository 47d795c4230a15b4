"""One style sheet in the place of all."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

from chatsite.web.styles import CSS
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_page_asks_for_one_sheet_with_all_that_are_there(cast: Cast, client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content and packed["Content-Encoding"] == "gzip"
    assert "immutable" in plain["Cache-Control"]
    assert plain.content.index(b"@layer tokens, base") < 200
    assert all(file.read_bytes() in plain.content for file in CSS.rglob("*.css"))
    assert client.get("/static/all.0123456789ab.css").status_code == 404
