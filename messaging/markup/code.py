"""Code in colours: a few kinds of words, each a class; tokens.css has the colours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import escape
from django.utils.translation import gettext as _
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String, _TokenType

COLOURED_MOST = 4_000  # characters of code in a message; where there are more, none has colours
PATIENCE = 0.04  # seconds of CPU for a block. Some of Pygments' lexers take quadratic time when one wants them to
WIDE = 50  # characters from which a line may have to be scrolled
_NAMES = """
bash c cpp csharp css diff docker go haskell html ini java javascript json kotlin lua makefile nginx perl php
powershell python r ruby rust scala sql swift toml typescript xml yaml
"""
LANGUAGES = frozenset(_NAMES.split())
ALIASES = {name: name for name in LANGUAGES} | {
    "c#": "csharp",
    "c++": "cpp",
    "cs": "csharp",
    "dockerfile": "docker",
    "golang": "go",
    "hs": "haskell",
    "js": "javascript",
    "jsx": "javascript",
    "kt": "kotlin",
    "make": "makefile",
    "patch": "diff",
    "pl": "perl",
    "ps1": "powershell",
    "py": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "svg": "xml",
    "ts": "typescript",
    "tsx": "typescript",
    "yml": "yaml",
    "zsh": "bash",
}
_CLASSES: dict[_TokenType, str] = {
    Comment: "code-comment",
    Keyword: "code-keyword",
    Operator.Word: "code-keyword",
    String: "code-string",
    Number: "code-number",
    Literal: "code-number",
    Name.Function: "code-name",
    Name.Class: "code-name",
    Name.Tag: "code-keyword",
    Name.Attribute: "code-name",
    Name.Decorator: "code-name",
    Name.Builtin: "code-name",
    Name.Constant: "code-number",
    Generic.Deleted: "code-deleted",
    Generic.Inserted: "code-inserted",
    Generic.Heading: "code-keyword",
    Generic.Subheading: "code-keyword",
}
CLASSES = frozenset(_CLASSES.values())


def block(code: str, info: str) -> str:
    """A fenced block as HTML: in colours where `info` begins with a language we know, in a frame that scrolls."""
    code = code.removesuffix("\n")
    language = ALIASES.get(info.split()[0].lower(), "") if info.strip() else ""
    shown = _coloured(code, language) if language else escape(code)
    reach = ' tabindex="0"' if any(len(line) > WIDE for line in code.split("\n")) else ""
    words = escape(_("Copy"))
    copy = f'<button class="code-copy" type="button">{words}</button>'
    return f'<div class="code-block"><pre{reach}><code>{shown}</code></pre>{copy}</div>'


def _coloured(code: str, language: str) -> str:
    """The HTML of code; without colours from where patience ends."""
    return "".join(_words(code, language))


def _words(code: str, language: str) -> Iterator[str]:
    until = time.thread_time() + PATIENCE
    for place, kind, text in _lexer(language).get_tokens_unprocessed(code):
        if time.thread_time() > until:
            yield escape(code[place:])
            return
        yield _word(kind, text)


def _word(kind: _TokenType, text: str) -> str:
    name = _class(kind)
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)


@lru_cache(maxsize=256)
def _class(kind: _TokenType) -> str:
    """That of the nearest kind above which there is one for."""
    return next((_CLASSES[one] for one in reversed(kind.split()) if one in _CLASSES), "")


@lru_cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
