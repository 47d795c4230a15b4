"""Every text has its words in every language, and the catalogues hold what code, templates and scripts say, no more."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from tests.house.imports import ROOT, sources

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
CALLS = {"gettext", "gettext_lazy", "_", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
CALL = re.compile(r"(?<![\w.])(n?p?gettext(?:_lazy)?|_)\(")
TEXT = r'"(?:[^"\\]|\\.)*"'
SCRIPT_CALL = re.compile(rf"(?<![\w.])(gettext|ngettext)\(({TEXT})(?:, ({TEXT}))?")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
FIELD = re.compile(r'^(msg\w+(?:\[\d\])?) ((?:".*"\n?)+)', re.M)
CONTEXT_END = "\4"


def _said(name: str, texts: list[str]) -> str:
    return CONTEXT_END.join(texts[:2]) if name.startswith("pgettext") else texts[0]


def in_python(source: str) -> Iterator[str]:
    """The texts of a module, as catalogues name them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if given:
                yield _said(node.func.id, given)


def in_template(source: str) -> Iterator[str]:
    """The texts of a template: Django turns it into calls with blanks between them."""
    calls = templatize(source)
    for found in CALL.finditer(calls):
        texts = []
        rest = calls[found.end() :]
        while literal := re.match(r"\s*,?\s*(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", rest):
            texts.append(ast.literal_eval(literal[1]))
            rest = rest[literal.end() :]
        if texts:
            yield _said(found[1], texts)


def in_script(source: str) -> Iterator[str]:
    for found in SCRIPT_CALL.finditer(source):
        yield ast.literal_eval(found[2])


def said(domain: str) -> set[str]:
    """Everything that is to be in a catalogue."""
    if domain == "djangojs":
        files = (ROOT / "chatsite" / "static").rglob("*.js")
        return {text for file in files for text in in_script(file.read_text())}
    python = {text for _module, path in sources() for text in in_python(path.read_text())}
    templates = (path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
    return python | {text for path in templates for text in in_template(path.read_text())}


def catalogue(language: str, domain: str) -> dict[str, list[str]]:
    """What the compiled catalogue has for each text: its words, for each number where there are several."""
    path = _folder(language) / f"{domain}.mo"
    with path.open("rb") as file:
        raw = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    found: dict[str, list[str]] = {}
    for key, words in raw.items():
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(words)
    found.pop("")
    return found


def _folder(language: str) -> Path:
    return ROOT / "chatsite" / "locale" / language / "LC_MESSAGES"


def test_texts_are_found_wherever_they_stand() -> None:
    assert list(in_python('pgettext("c", "a")\ngettext_lazy("b")\nother("d")')) == ["c\4a", "b"]
    template = '{% translate "a" %}{% include "x" with l=_("b") %}{% blocktranslate %}c {{ d }}{% endblocktranslate %}'
    assert list(in_template(template)) == ["a", "b", "c %(d)s"]
    assert list(in_script('gettext("a") + ngettext("%(n)s b", "%(n)s bs", n) + other("c")')) == ["a", "%(n)s b"]


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_has_its_words_in_every_language(domain: str) -> None:
    """`manage.py makemessages` brings the catalogues in step; the words are for people to write."""
    wanted = said(domain)
    for language in LANGUAGES:
        held = catalogue(language, domain)
        assert wanted - held.keys() == set(), f"without words in {language}"
        assert held.keys() - wanted == set(), f"said nowhere any more, in {language}"


def test_words_keep_the_holes_for_what_is_put_in() -> None:
    for file in _catalogues():
        for entry in _entries(file):
            known = _holes([entry["msgid"], entry.get("msgid_plural", "")])
            plain = "msgid_plural" not in entry
            wrong = [one for one in _words(entry) if not (_holes([one]) == known if plain else _holes([one]) <= known)]
            assert wrong == [], file


def test_the_compiled_catalogues_have_the_words_of_the_written_ones() -> None:
    for file in _catalogues():
        written = {words for entry in _entries(file) for words in _words(entry)}
        compiled = catalogue(file.parent.parent.name, file.stem).values()
        assert {one for forms in compiled for one in forms} == written - {""}, file


def _catalogues() -> list[Path]:
    return [_folder(language) / f"{domain}.po" for language in LANGUAGES for domain in ("django", "djangojs")]


def _entries(file: Path) -> list[dict[str, str]]:
    """The entries of a written catalogue but its head: each part by its name, quoted lines joined."""
    parts = [dict(FIELD.findall(entry)) for entry in file.read_text().split("\n\n")]
    entries = [{name: ast.literal_eval(f"({quoted})") for name, quoted in one.items()} for one in parts]
    return [one for one in entries if one.get("msgid")]


def _words(entry: dict[str, str]) -> list[str]:
    return [words for name, words in entry.items() if name.startswith("msgstr")]


def _holes(texts: list[str]) -> set[str]:
    return {hole for text in texts for hole in HOLE.findall(text)}
