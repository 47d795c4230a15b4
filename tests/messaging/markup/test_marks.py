"""What each mark becomes, and what stays text."""

from __future__ import annotations

import pytest

from messaging import markup
from tests.messaging.markup.reading import html, read


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("**a** *b* _c_ ~~d~~", "<strong>a</strong> <em>b</em> <em>c</em> <s>d</s>"),
        ("`a **b**`", "<code>a **b**</code>"),
        ("snake_case_name 2*3*4", "snake_case_name 2<em>3</em>4"),
        (r"\*not\* \`this\`", "*not* `this`"),
        ("- a\n- b\n\t- c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
        ("say\n> a", "<p>say</p><blockquote><p>a</p></blockquote>"),
        ("**a**\n\nb", "<p><strong>a</strong></p><p>b</p>"),
    ],
)
def test_marks(content: str, shown: str) -> None:
    assert html(content) == shown


@pytest.mark.parametrize(
    "content",
    [
        "# heading",
        "a\n===",
        "***",
        "&amp; &lt;b&gt;",
        "<b>x</b>",
        "[a]: x.example",
        "[a][b]",
        "a\n\n\nb",
        "  a",
        ">",
        "- ",
    ],
)
def test_what_is_no_mark_is_shown_as_typed(content: str) -> None:
    shown = read(content)
    assert (shown.text, shown.tags) == (content, [])


def test_lines_end_and_begin_as_they_were_typed() -> None:
    assert read("**a**\n   b  \nc").text == "a\n   b  \nc"


def test_a_picture_from_elsewhere_is_a_link() -> None:
    assert read("![cat](https://x.example/cat.png)").tags == ["a"]


def test_code_is_in_colours_where_its_language_is_known() -> None:
    assert '<span class="code-keyword">def</span>' in html("```python\ndef f(): pass\n```")
    assert "code-keyword" not in html("```klingon\ndef f(): pass\n```")
    assert read("```js\nlet a = '<b>' // `x`\n```").text.startswith("let a = '<b>' // `x`")


@pytest.mark.parametrize("language", sorted(markup.LANGUAGES))
def test_colours_change_no_character(language: str) -> None:
    code = "\n  if (a < b) { return \"x\\n\" + 'y'; } // é &amp; \t\n# end\n\n"
    shown = read(f"```{language}\n{code}\n```")
    assert shown.text == code + "Copy"


def test_long_code_has_no_colours() -> None:
    assert "code-keyword" not in html("```python\n" + "def f(): pass\n" * 400 + "```")


def test_a_table() -> None:
    shown = read("| a | b |\n|:-:|--:|\n| 1 | **2** |")
    assert shown.tags == ["div", "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "strong"]
    assert [one["class"] for tag, one in shown.found if tag == "td"] == ["to-center", "to-end"]


def test_a_spoiler_can_be_uncovered_without_script_and_by_keyboard() -> None:
    shown = html("||it was **ben**||")
    assert "<span>it was <strong>ben</strong></span></label>" in shown
    assert '<label class="spoiler"><input' in shown and 'type="checkbox"' in shown and 'aria-label="Show' in shown


@pytest.mark.parametrize("content", ["||", "|||", "||||", "|| ||", "a || b", "`||a||`"])
def test_no_spoiler(content: str) -> None:
    assert "label" not in read(content).tags


@pytest.mark.parametrize("content", ["👍", "🎉🎉", "👨‍👩‍👧 🇩🇪", "1️⃣", "👍🏽", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈🏳️‍🌈🏳️‍🌈"])
def test_up_to_three_emoji_are_large(content: str) -> None:
    assert html(content) == f'<span class="emoji-only">{content}</span>'


@pytest.mark.parametrize("content", ["12", "ok 👍", " ", "👍" * 4, "#", "🏻" * 31 + "x", "🇩"])
def test_other_text_is_not(content: str) -> None:
    assert "emoji-only" not in html(content)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("@ada, @Ben. and @c_l-e.o!", ("ada", "Ben", "c_l-e.o")),
        ("**@ada** > @ben", ("ada", "ben")),
        ("- @ada\n\n|a|\n|-|\n|@ben|", ("ada", "ben")),
        ("ada@x.example a/@b @@c .@d @ `@ada`\n```\n@ben\n```", ()),
        ("[@ada](https://x.example) https://x.example/@ben", ()),
    ],
)
def test_names(content: str, names: tuple[str, ...]) -> None:
    assert markup.render(content).names == names


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("**a** `b` [c](https://x.example) @d", "a b c @d"),
        ("- a\n- b\n\n> c\n\n```\nd\n```", "a b c d"),
        ("it was ||ben||!", "it was ▒▒▒!"),
        ("||`a` **b**|| c", "▒▒▒ c"),
        ("|a|b|\n|-|-|\n|c|d|", "a b c d"),
        ("a\n\n b", "a b"),
        ("***", "***"),
    ],
)
def test_words_without_marks(content: str, words: str) -> None:
    assert markup.plain(content) == words
