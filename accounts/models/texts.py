"""What a text about a person may hold: each rule written once, for forms, serializers, models and the database alike.

A rule is a pattern of what is refused and the words for it. Python and PostgreSQL read the same patterns: nothing in
them depends on a locale.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.deconstruct import deconstructible
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

NOT_STORABLE = "|[\\u0000\\ud800-\\udfff]"
"""NUL and halves of characters. Only Python meets them: PostgreSQL takes none."""
CONTROLS = "\\u0001-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufff9-\\uffff"
BREAKS = "\\u0009\\u000a"
DIRECTIONS = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
"""Marks that turn the direction of what follows: `gpj.exe` reads as `exe.jpg`."""
INVISIBLE = "\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u2060-\\u2065\\u206a-\\u206f"
INVISIBLE += "\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\U000e0000-\\U000e007f"
"""Letters and marks that show nothing, so that two names look the same."""
EMOJI = "[\\u00a9\\u00ae\\u2190-\\u2bff\\ufe0f\\U0001f000-\\U0001faff]"
STRAY_JOINER = f"(?<!{EMOJI})\\u200d|\\u200d(?!{EMOJI})"
"""The joiner makes one emoji of several; anywhere else it is one more invisible mark."""


class Rule(NamedTuple):
    """`refused` matches what a text may not hold, with `in_python` after it what cannot even reach the database.
    `name` is part of the constraint's name."""

    name: str
    refused: str
    words: Any
    in_python: str = ""


VISIBLE = _("Without invisible characters, please, and none that turn the direction of writing.")
ONE_LINE = Rule("visible", f"[{CONTROLS}{BREAKS}{DIRECTIONS}{INVISIBLE}]|{STRAY_JOINER}", VISIBLE, NOT_STORABLE)
TIDY = Rule("tidy", "^ | $|  ", _("No spaces at either end, please, and one between words."))
PARAGRAPHS = Rule("visible", f"[{CONTROLS}{DIRECTIONS}{INVISIBLE}]|{STRAY_JOINER}", VISIBLE, NOT_STORABLE)


@deconstructible
class Refuses(RegexValidator):
    """Raises ValidationError, in a rule's words, for a text that has what the rule refuses: `Refuses(*TIDY)`."""

    def __init__(self, name: str, refused: str, words: Any, in_python: str = "") -> None:
        super().__init__(refused + in_python, words, code=name, inverse_match=True)


def line(text: str) -> str:
    """The text as one line: composed (NFC), with single spaces and none at either end."""
    composed = unicodedata.normalize("NFC", text).strip()
    spaced = "".join(" " if unicodedata.category(one) == "Zs" else one for one in composed)
    return " ".join(filter(None, spaced.split(" ")))


def paragraphs(text: str) -> str:
    """The text as written, composed (NFC), with breaks as the database keeps them."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def at_least(least: int) -> Any:
    """The words for a text that is too short."""
    if least == 1:
        return _("Leave it out rather than empty.")
    return format_lazy(_("At least {least} characters."), least=least)


def at_most(most: int) -> Any:
    """The words for a text that is too long."""
    return format_lazy(_("At most {most} characters."), most=most)


class Composed(models.Func):
    """Whether a text is in Unicode's normal form, `NFC` or `NFKC`."""

    template = "%(expressions)s IS %(form)s NORMALIZED"
    output_field = models.BooleanField()


def constraints(
    table: str, column: str, rules: Iterable[Rule], *, least: int, most: int, form: str = "NFC"
) -> list[models.CheckConstraint]:
    """The rules of a column as PostgreSQL keeps them, whoever writes: lengths in characters, normal form, patterns."""
    return [
        models.CheckConstraint(
            condition=models.Q(GreaterThanOrEqual(Length(column), least)),
            name=f"{table}_{column}_least_check",
            violation_error_message=at_least(least),
        ),
        models.CheckConstraint(
            condition=models.Q(LessThanOrEqual(Length(column), most)),
            name=f"{table}_{column}_length_check",
            violation_error_message=at_most(most),
        ),
        models.CheckConstraint(
            condition=models.Q(Composed(models.F(column), form=form)),
            name=f"{table}_{column}_composed_check",
            violation_error_message=_("Letters composed with their marks, please."),
        ),
        *(
            models.CheckConstraint(
                condition=~models.Q((f"{column}__regex", rule.refused)),
                name=f"{table}_{column}_{rule.name}_check",
                violation_error_message=rule.words,
            )
            for rule in rules
        ),
    ]
