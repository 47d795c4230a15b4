from __future__ import annotations

import pytest

from tests.messaging.markup.reading import read


def links(content: str) -> list[str | None]:
    return [attributes["href"] for tag, attributes in read(content).found if tag == "a"]


@pytest.mark.parametrize(
    ("content", "addresses"),
    [
        ("see https://example.org/a?b=1&c=2.", ["https://example.org/a?b=1&c=2"]),
        ("(http://example.org/x)", ["http://example.org/x"]),
        ("https://en.wikipedia.org/wiki/Ada_(name)_*x", ["https://en.wikipedia.org/wiki/Ada_(name)_*x"]),
        ("HTTPS://Example.org!", ["HTTPS://Example.org"]),
        ("https://a.example https://b.example", ["https://a.example", "https://b.example"]),
        ("https://example.org/\u202egpj.exe", ["https://example.org/"]),
        (r"https://a.example\b https://\a https://a:123456 https://%00 https://.", ["https://a.example"]),
        ("**https://example.org**", ["https://example.org"]),
        ("[a](https://a.example 'b') <https://b.example> <c@d.example>", None),
        ("javascript:alert(1) ftp://example.org xhttp://example.org http:// http://[ https://...", []),
        ("[a](javascript:alert(1)) [a](data:text/html,x) [a](/x) [a](//x.example) [a]() [a](vbscript:x)", []),
        (
            "<javascript:alert(1)> <ftp://a.example> [a](JaVaScRiPt:x) [a](java&#115;cript:x) [a](http:x) [a](mailto:)",
            [],
        ),
        ("`https://example.org`", []),
    ],
)
def test_links(content: str, addresses: list[str] | None) -> None:
    expected = ["https://a.example", "https://b.example", "mailto:c@d.example"] if addresses is None else addresses
    shown = read(content)
    assert links(content) == expected
    assert all(one["rel"] == "noopener nofollow ugc" for tag, one in shown.found if tag == "a")


@pytest.mark.parametrize(
    "worded", ["https://bank.example", "**https://bank.example**/login", "go to http://bank.example"]
)
def test_a_link_worded_as_another_address_shows_its_own(worded: str) -> None:
    assert read(f"[{worded}](https://thief.example/)").text == "https://thief.example/"


def test_a_link_worded_as_its_own_address_keeps_its_words() -> None:
    assert read("[https://bank.example](https://bank.example/login)").text == "https://bank.example"
