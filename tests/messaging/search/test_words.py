from __future__ import annotations

import time

import pytest

from messaging.search import lines, words
from messaging.search.needles import Term, needle
from messaging.search.query import day, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, WORLD!", ["hello", "world"]),
        ("Crème brûlée, naïve Straße", ["creme", "brulee", "naive", "strasse"]),
        ("don't snake_case a-b 3.5", ["don", "t", "snake", "case", "a", "b", "3", "5"]),
        ("Ｆｕｌｌ ﬁne", ["full", "fine"]),
        ("Ёлка и ёж", ["елка", "и", "еж"]),
        ("Ørsted Łódź", ["orsted", "lodz"]),
        ("مُحَمَّد أحمد", ["محمد", "احمد"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("iPhone手机 good", ["iphone", "手机", "good"]),
        ("今日は、良い天気", ["今日は", "良い天気"]),
        ("", []),
        ("?!…", []),
    ],
)
def test_texts_are_cut_into_words_without_what_does_not_count(text: str, expected: list[str]) -> None:
    assert words.pieces(text) == expected


def test_a_run_is_found_by_its_pairs_and_its_last_character() -> None:
    assert words.terms("良い天気") == ["良い", "い天", "天気", "気"]
    assert words.terms("안녕하세요")[:2] == ["안녕", "녕하"]
    assert words.terms("kite") == ["kite"]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert words.pieces("가方が") == words.pieces("\u1100\u1161方か\u3099")


@pytest.mark.parametrize(
    ("text", "unfinished", "line", "found"),
    [
        ("ki", True, "my kites", True),
        ("ki", False, "my kites", False),
        ("ites", True, "my kites", False),
        ("kites", False, "my kites", True),
        ("red ki", True, "my red kites", True),
        ("red my", True, "my red kites", False),
        ("don't", False, "I don't know", True),
        ("天気", True, "良い天気です", True),
        ("天", True, "良い天気です", True),
        ("気天", True, "良い天気です", False),
        ("BRÛLÉE", True, "creme brulee", True),
    ],
)
def test_a_needle_is_found_where_it_stands(text: str, unfinished: bool, line: str, found: bool) -> None:
    wanted = needle(text, unfinished=unfinished)
    assert wanted is not None
    assert (wanted.text in words.line(line)) is found
    if found:
        listed = {term for piece in words.pieces(line) for term in words.terms(piece)}
        for term in wanted.terms:
            assert any(one.startswith(term.text) if term.begins else one == term.text for one in listed)


def test_the_first_letter_of_a_word_is_not_looked_for_yet() -> None:
    assert needle("k", unfinished=True) is None
    assert needle("k", unfinished=False) is not None
    assert needle("猫", unfinished=True) is not None


def test_long_words_are_found_by_their_beginning_in_the_index() -> None:
    wanted = needle("x" * 60, unfinished=True)
    assert wanted is not None
    assert wanted.terms == (Term("x" * words.TERM_MAX),)
    assert words.terms("x" * 70) == ["x" * words.TERM_MAX]


def test_a_query_is_taken_apart() -> None:
    found = parse('red "kite club" from:@ada in:"Kite club" has:LINK before:2026-01-31 fl')
    assert [one.text for one in found.needles] == [" red ", " kite club ", " fl"]
    assert [(one.key, one.value) for one in found.filters] == [
        ("from", "ada"),
        ("in", "Kite club"),
        ("has", "link"),
        ("before", "2026-01-31"),
    ]
    assert found.filters[0].rest == 'red "kite club" in:"Kite club" has:LINK before:2026-01-31 fl'


@pytest.mark.parametrize(
    "text", ["", "from:", 'in:"', '"', "has:", "before:2", "::", "from:@", "\0", '"" ""', "a:b:c\\", "*("]
)
def test_half_typed_syntax_is_read_somehow(text: str) -> None:
    parse(text)


def test_a_date_may_be_a_year_or_a_month() -> None:
    assert [str(day(one)) for one in ("2026", "2026-02", "2026-2-3")] == ["2026-01-01", "2026-02-01", "2026-02-03"]
    assert [day(one) for one in ("", "2026-13", "yesterday", "26-01-01", "2026-01-01-01", "²026")] == [None] * 6


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "a " * 5_000, '"' * 10_000, "from:" * 2_000, "天" * 10_000, "ﷺ" * 10_000]
)
def test_hostile_texts_cost_little(text: str) -> None:
    """SECURITY.md A17."""
    start = time.process_time()
    parse(text)
    assert len(words.line(text)) <= words.LINE_MAX + 2
    [words.terms(one) for one in words.pieces(text)]
    assert time.process_time() - start < 0.2  # seconds


def test_files_are_found_by_their_names_and_kinds() -> None:
    line = lines.of_parts("look", [("Red kite.PNG", "image/png")], gone=False)
    assert all(one in line for one in (" look ", " red kite png ", " has:file ", " has:image "))
    assert "has:link" not in line
    assert " has:link " in lines.of_parts("see https://example.org", [], gone=False)
    assert lines.of_parts("look", [], gone=True) == ""
    assert {"kite", "has:image"} <= set(lines.terms([line + lines.by(0)], ["someone"]))


def test_a_block_of_too_many_words_stands_under_none_of_them() -> None:
    assert lines.terms([" ".join(f"w{n}" for n in range(lines.TERMS_MAX + 1))], []) == [lines.ANY]
