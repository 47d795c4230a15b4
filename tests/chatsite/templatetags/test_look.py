"""Icons, pictures of people, the style sheets and the map of scripts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from django.template import Context
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings

from chatsite.templatetags import look
from chatsite.templatetags.look import STATIC


@dataclass(frozen=True)
class Someone:
    id: str = "5f7c0e6e-8f0a-4d0e-9a43-0e6d3d0b1c11"
    display_name: str = "Ada Lovelace"
    avatar_url: str | None = None


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("Hubert Blaine Wolfe the Third", "HT"),
        ("  ben   okafor ", "BO"),
        ("عمر الخيام", "عا"),
        ("✨🦄✨", "?"),
        ("✨ Zoe", "Z"),
        ("", "?"),
        ("<script> x", "SX"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert look.initials(name) == letters


def test_someone_without_a_picture_has_a_colour_of_their_own() -> None:
    first, again = look.avatar(Someone()), look.avatar(Someone(display_name="Ada King"))
    assert re.findall(r"hue-\d+", first) == re.findall(r"hue-\d+", again)
    hues = {look.hue(f"{number}") for number in range(200)}
    assert len(hues) == look.HUES
    assert all(f".{hue} {{" in (STATIC / "css" / "tokens.css").read_text() for hue in hues)


def test_hostile_addresses_of_pictures_are_inert() -> None:
    html = look.avatar(Someone(avatar_url='"><script>alert(1)</script>'))
    assert "<script" not in html
    assert html.count('"') % 2 == 0 and "&quot;&gt;" in html


def test_the_dot_says_who_is_here() -> None:
    assert 'data-state="online" title="Online"' in look.avatar(Someone(), presence="online")
    assert 'data-state="offline" title=""' in look.avatar(Someone(), presence="offline")
    assert "presence" not in look.avatar(Someone())


@pytest.mark.parametrize("file", sorted((STATIC / "icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_can_stand_in_a_page(file: object) -> None:
    html = look.icon(file.stem)  # type: ignore[attr-defined]
    assert html.startswith("<svg ") and html.endswith("</svg>")
    assert "style=" not in html and "<script" not in html


def test_while_one_works_on_them_every_style_sheet_is_linked_once_tokens_first(settings: Settings) -> None:
    settings.DEBUG = True
    linked = re.findall(r'href="/static/([^"]+)"', look.stylesheets())
    assert linked[0] == "css/tokens.css"
    assert sorted(linked) == sorted(file.relative_to(STATIC).as_posix() for file in (STATIC / "css").rglob("*.css"))


def test_the_import_map_has_every_script_and_the_nonce() -> None:
    html = look.importmap(Context({"CSP_NONCE": "abc123"}))
    (table,) = re.findall(r'<script type="importmap" nonce="abc123">(.*?)</script>', html)
    scripts = json.loads(table)["imports"]
    assert scripts["chat/realtime/socket.js"] == "/static/js/realtime/socket.js"
    assert len(scripts) == len(list((STATIC / "js").rglob("*.js")))


def test_fetched_at_once_is_what_a_page_begins_with_and_nothing_that_waits_for_a_key() -> None:
    early = re.findall(r'modulepreload" href="([^"]+)"', look.importmap(Context()))
    assert {"/static/js/app.js", "/static/js/lib/shortcuts.js", "/static/js/thinking/outbox.js"} <= set(early)
    assert len(early) == len(set(early)) and "/static/js/lib/palette.js" not in early


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', "system"), ("", "system")]
)
def test_the_theme_is_one_of_three(cookie: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert look.theme(Context({"request": request})) == theme


def test_the_page_for_our_own_mistakes_needs_nothing_else() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong" in html and look.styles_address() in html


@pytest.mark.django_db
def test_an_unknown_address_has_a_page_with_a_way_back(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "There is nothing here" in html and 'href="/"' in html
    assert re.search(r"script-src 'self' 'nonce-", answer["Content-Security-Policy"])
