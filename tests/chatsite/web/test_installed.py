"""What makes the chat an app on somebody's device."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from chatsite.web import installed
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def kept(worker: str) -> list[str]:
    found = re.search(r"^const FILES = (.*)$", worker, re.M)
    assert found
    return list(json.loads(found[1]))


def test_the_manifest_says_what_the_chat_is_called_and_its_pictures_are_there(
    client: Client, settings: Settings
) -> None:
    settings.CHAT_NAME = "Kites"
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["start_url"], told["display"], told["dir"]) == ("Kites", "/", "standalone", "ltr")
    assert all(finders.find(one["src"].removeprefix("/static/")) for one in told["icons"])
    assert {one.get("purpose") for one in told["icons"]} == {None, "maskable"}


def test_the_worker_keeps_only_files_that_are_the_same_for_everybody(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript" and answer["Cache-Control"] == "no-cache"
    files = kept(answer.content.decode())
    assert client.get(files[0])["Content-Type"] == "text/css; charset=utf-8"
    assert all(finders.find(one.removeprefix("/static/")) for one in files[1:])
    assert "/static/js/lib/palette.js" in files


def test_another_file_makes_another_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    before = installed._worker()
    assert before == installed._worker()
    monkeypatch.setattr(installed, "PICTURES", ("icons/app.svg",))
    versions = [re.search(r'VERSION = "(\w+)"', one)[1] for one in (before, installed._worker())]  # type: ignore[index]
    assert versions[0] != versions[1]


def test_the_page_without_a_connection_is_drawn_for_nobody(cast: Cast, client: Client) -> None:
    for_strangers = client.get("/offline/").content
    client.force_login(cast.ada)
    assert client.get("/offline/").content == for_strangers
    assert b"csrf" not in for_strangers
