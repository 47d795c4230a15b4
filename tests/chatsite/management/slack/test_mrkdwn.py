"""Slack's markup in ours."""

from __future__ import annotations

import time

import pytest

from chatsite.management.slack.emoji import emoji
from chatsite.management.slack.mrkdwn import Names, converted
from chatsite.management.slack.reading import cut
from messaging import markup

NAMES = Names({"U1": "ada", "U2": "b_e_n"}, {"C1": "general"})


@pytest.mark.parametrize(
    ("slack", "ours"),
    [
        ("plain & simple", "plain & simple"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("*bold* _it_ ~gone~", "**bold** _it_ ~~gone~~"),
        ("*_both_*", "**_both_**"),
        ("2 * 3 * 4 and a*b*c", r"2 \* 3 \* 4 and a\*b\*c"),
        ("* not bold * and snake_case_name", r"\* not bold \* and snake_case_name"),
        ("~ 5 ~~ 6", r"~ 5 \~\~ 6"),
        ("||no cover|| [no](link) [1]", r"\|\|no cover\|\| \[no](link) [1]"),
        ("`*code* &lt;` and ```*more*\n_code_```", "`*code* <` and \n```\n*more*\n_code_\n```\n"),
        ("see `<http://x.org|x.org>`", "see `x.org`"),
        ("hi <@U1> and <@U2|ben>", "hi @ada and @b_e_n"),
        ("hi <@U9> and <@U9|zoe>", "hi @U9 and @zoe"),
        ("*<@U1>*: <!channel> <!subteam^S1|@crew> <!date^1^{x}|noon>", "**@ada**: @all @crew noon"),
        ("<#C1> <#C1|> <#C2|other> <#C3>", "#general #general #other #C3"),
        ("<https://x.org/a?b&amp;c>", "https://x.org/a?b&c"),
        ("(<https://x.org>)", "(<https://x.org>)"),
        (
            "<https://x.org/|x.org> <https://x.org/(a)|the *[page]*>",
            r"https://x.org/ [the \*\[page\]\*](https://x.org/%28a%29)",
        ),
        ("<mailto:a@b.org|a@b.org> <tel:123|call>", "[a@b.org](mailto:a@b.org) call"),
        ("<javascript:alert(1)|click>", "click"),
        (":wave::skin-tone-3: :+1: :thumbsup: :flag-de: :our-own:", "👋🏼 👍\ufe0f 👍\ufe0f 🇩🇪 :our-own:"),
        ("at 10:30:45", "at 10:30:45"),
        ("&gt; quoted\nnot", "> quoted\nnot"),
        ("said:\n&gt;&gt;&gt; all\nof it", "said:\n> all\n> of it"),
        ("\ue0000\ue001 \ue002x", "0 x"),
    ],
)
def test_texts(slack: str, ours: str) -> None:
    assert converted(slack, NAMES).words == ours


def test_what_was_meant_is_what_is_shown() -> None:
    shown = markup.render(converted("*a_b* ~c~ 2*3*4 <https://x.org|*y*> &lt;b&gt;", NAMES).words).parts[0]
    assert shown == (
        "<strong>a_b</strong> <s>c</s> 2*3*4 "
        '<a href="https://x.org" target="_blank" rel="noopener nofollow ugc">*y*</a> &lt;b&gt;'
    )


def test_mentions_and_unknown_emoji_are_told() -> None:
    found = converted("<@U1> <@U2> <@U1> :our-own: :wave: 10:30:00", NAMES)
    assert (found.mentioned, found.unknown_emoji) == (["U1", "U2", "U1"], 1)


@pytest.mark.parametrize("name", ["", "x" * 100, "<b>", "wave::skin-tone-9", "flag-1x"])
def test_what_is_no_emoji(name: str) -> None:
    assert emoji(name) == ""


@pytest.mark.parametrize(
    "text",
    ["*" * 40_000, "<" * 40_000, "`" * 40_000, "*a " * 13_000, "_a" * 20_000, ":a" * 20_000, "&gt;&gt;&gt; " * 3_000],
)
def test_the_worst_texts_cost_as_little_as_others(text: str) -> None:
    begun = time.thread_time()
    converted(text, NAMES)
    assert time.thread_time() - begun < 0.5  # seconds of CPU


def test_long_texts_are_cut_between_lines_and_code_goes_on_as_code() -> None:
    lines = "\n".join(f"line {number}" for number in range(3000))
    parts = cut(lines)
    assert len(parts) > 2 and max(map(len, parts)) <= 10_000 and "\n".join(parts) == lines
    code = cut(f"```\n{lines}\n```")
    assert all(one.count("```") == 2 and len(one) <= 10_000 for one in code)
    assert [len(one) for one in cut("x" * 25_000)] == [9992, 9992, 5016]
