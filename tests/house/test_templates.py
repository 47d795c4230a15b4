"""The content security policy allows no inline code, so templates have none."""

from __future__ import annotations

import re

import pytest

from tests.house.imports import PACKAGES, ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*\bnonce=)[^>]*>", re.I)
STYLE = re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I)
ROOMS_THAT_SAY_NOTHING = {"utils", "common", "core", "helpers", "lib"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_inline_code(template: object) -> None:
    text = (ROOT / str(template)).read_text()
    for what in (SCRIPT, STYLE, HANDLER):
        assert not what.search(text), what.search(text)


def test_every_room_has_a_telling_name() -> None:
    rooms = {path.parent.name for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert rooms >= {"services", "repositories"}
    assert not rooms & ROOMS_THAT_SAY_NOTHING
