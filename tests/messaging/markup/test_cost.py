"""Ten thousand characters, however they are chosen, take less than 200 ms of CPU (A17)."""

from __future__ import annotations

import gc
import time

import pytest

from messaging import markup
from messaging.markup import rendering
from tests.messaging.markup.reading import read

MOST = 0.2  # seconds
LENGTH = 10_000
UNITS = """
[ ![ [[a](b [a](b [a](< ]( [a] ( ` `a ``a` * **a␣ *a␣**a␣ _a␣ *_ a**b ~~ ~~a || | ||a |a| < <a: <http://a <a@ \\ @ @a
@a. :// http:// http://a) http://a[ )␣ > >␣ >␣>⏎ >⏎ >␣a⏎ -␣ -␣-␣ -⏎ -␣a⏎ ␣-␣a⏎ 1.␣ 1.␣1.␣ *␣a⏎␣␣ ```⏎ ~~~ ```a⏎```⏎
|a⏎|-⏎ a|b⏎-|-⏎ |-|⏎ ␣ ␣⏎ ⏎ - = ---⏎ 🏻 & a >␣-␣ [][] [a](( [` *[a](b) |⏎ *a_ __a* **_ ***a␣ a* -_. https://x. [( "
"""
STAIRS = {
    "backticks": "".join("`" * count + " " for count in range(1, 140)),
    "quotes": "".join(">" * count + "a\n" for count in range(140)),
    "lists": "".join(" " * count + "- a\n" for count in range(140)),
    "emphasis": "*a" * 2500 + "a*" * 2500,
    "a wide table": "a|" * 2500 + "\n" + "-|" * 2500,
    "a wide, long table": "|" * 2000 + "\n" + "|-" * 2000 + "\n" + "|\n" * 2000,
    "brackets, emphasis": "[*_~~" * 99 + "**_a" * 2300,
    "brackets, emphasis, an end": "[*_~~" * 99 + "**_a" * 2375 + "](a)",
    "brackets, code": "[" * 99 + "`a" * 4900,
    "brackets, spoilers": "||[" * 99 + "a*" * 4800,
    "brackets, addresses": "[" * 99 + "http://a.b " * 890,
}
TEXTS = {unit: unit.replace("␣", " ").replace("⏎", "\n") * LENGTH for unit in UNITS.split()} | STAIRS
CODE = ["a\n", "\n", "(", "{", '"\\', "=", "<a ", "'", "#", "//", "a.", "${", "0x", "a: "]


def spent(content: str) -> float:
    """Seconds of CPU to render it anew, in a process that has frozen what it loaded, as a web process has: without that
    each look for garbage is at all that the tests hold."""
    rendering.forget()
    gc.freeze()
    try:
        began = time.process_time()
        markup.render(content)
        return time.process_time() - began
    finally:
        gc.unfreeze()


def quick(content: str) -> bool:
    """A second time where the first was not: a busy machine is slow now and then, what is too dear always."""
    return spent(content) < MOST or spent(content) < MOST


@pytest.mark.parametrize("name", TEXTS)
def test_ten_thousand_characters_are_quick(name: str) -> None:
    content = TEXTS[name][:LENGTH]
    assert quick(content)


@pytest.mark.parametrize("language", sorted(markup.LANGUAGES))
def test_code_is_quick_in_every_language(language: str) -> None:
    markup.render(f"```{language}\nx\n```")  # the first of a language reads its rules
    for unit in CODE:
        content = f"```{language}\n{(unit * 4000)[:3900]}\n```"
        assert quick(content), unit


@pytest.mark.parametrize("unit", ["> ", "- ", "1. ", "> - "])
def test_what_is_nested_too_deep_is_text(unit: str) -> None:
    shown = read(unit * 200 + "bottom")
    assert "bottom" in shown.text
    assert len(shown.tags) < 40


def test_a_link_behind_brackets_that_stay_open_is_one() -> None:
    shown = read("[ " * 15 + "[kites](https://example.org)")
    assert shown.tags.count("a") == 1


def test_the_same_text_is_not_read_twice() -> None:
    rendering.forget()
    assert markup.render("**again**") is markup.render("**again**")
