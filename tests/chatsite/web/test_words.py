"""Pages in four languages: by the setting, by the cookie it leaves, or as the browser asks."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from accounts.services import settings as chosen
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def head(client: Client, path: str, asked: str = "") -> str:
    """The tag that says which language a page is in, and in which direction it is read."""
    page = client.get(path, headers={"Accept-Language": asked}).content.decode()
    found = re.search(r'<html lang="([^"]+)" dir="([^"]+)"', page)
    assert found
    return f"{found[1]} {found[2]}"


def test_a_page_is_in_the_language_the_browser_asks_for(cast: Cast, client: Client) -> None:
    assert head(client, LOGIN, "ar-EG,ar;q=0.9") == "ar rtl"
    assert head(client, LOGIN, "fr, es-MX;q=0.8") == "es ltr"
    assert head(client, LOGIN, "tlh") == "en ltr"


def test_the_setting_goes_before_and_stays_for_the_page_before_log_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    values = chosen.read(cast.ada.chat_id) | {"language": "de"}
    client.post("/settings/", {key: value for key, value in values.items() if value is not False})
    assert head(client, "/", "es") == "de ltr"
    assert "Unterhaltungen" in client.get("/").content.decode()
    client.logout()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    assert head(client, LOGIN, "es") == "de ltr"


def test_scripts_get_their_words_and_english_needs_none(cast: Cast, client: Client) -> None:
    page = client.get(LOGIN, headers={"Accept-Language": "de"}).content.decode()
    (address,) = re.findall(r'<script defer src="(/words/de/\w+\.js)"', page)
    assert page.index(address) < page.index('type="module"')
    answer = client.get(address)
    assert "immutable" in answer["Cache-Control"] and answer["Content-Type"].startswith("text/javascript")
    assert "Wartet auf das Senden" in answer.content.decode()
    assert "/words/" not in client.get(LOGIN, headers={"Accept-Language": "en"}).content.decode()
    assert client.get("/words/tlh/abc.js").status_code == 404
