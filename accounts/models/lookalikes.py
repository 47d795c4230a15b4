"""User names that look like others: Unicode's skeletons and scripts (UTS 39), through disarm.

The only module that knows the library. Its table may change with its minor version, which requirements.txt pins: with
a newer one `users.skeleton` has to be computed anew, in a migration as 0007_names.
"""

from __future__ import annotations

import re
from typing import Any

from disarm import Script, detect_scripts, is_mixed_script, skeleton_key
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

EAST_ASIAN = {Script.HAN, Script.HIRAGANA, Script.KATAKANA, Script.HANGUL, Script.BOPOMOFO}
SKELETON_MAX = 255  # characters: one of a name may become several
ONE_ALPHABET = _("Letters of one alphabet only, please.")
TAKEN = _("Someone already has this name, or one that looks like it. Please choose another one.")


def skeleton(username: str) -> str:
    """What a name looks like: the same text for all names that a reader could take for one another."""
    found = skeleton_key(username.encode(errors="replace").decode(), digit_policy="tr39")
    return found.replace("rn", "m")  # Unicode's table has this pair as well, the library's only single characters


def one_script(username: str) -> None:
    """Raises ValidationError for letters of several scripts, but for Latin beside East Asian ones (UTS 39, 5.2)."""
    others = re.sub("[A-Za-z]", "", username)
    if is_mixed_script(username) and (is_mixed_script(others) or set(detect_scripts(others)) - EAST_ASIAN):
        raise ValidationError(ONE_ALPHABET, code="mixed")


class SkeletonField(models.CharField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The skeleton of another column, computed whenever a row is written. Writers in SQL get the lower-case form, from
    a trigger."""

    def __init__(self, of: str, **options: Any) -> None:
        super().__init__(**{"max_length": SKELETON_MAX, "unique": True, "editable": False, **options})
        self.of = of

    def deconstruct(self) -> Any:
        name, path, positional, options = super().deconstruct()
        return name, path, [self.of, *positional], options

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = skeleton(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value
