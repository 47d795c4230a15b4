"""What a user name may be. Display names are freer (`texts`); user names stand in addresses and mentions."""

from __future__ import annotations

import re
import uuid
from itertools import combinations

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.lookalikes import ONE_ALPHABET, one_script, skeleton
from accounts.models.texts import CONTROLS, DIRECTIONS, INVISIBLE, Rule, at_least

USERNAME_MIN = 2  # characters
USERNAME_MAX = 50  # characters, as the database plan has it

_RESERVED = """
abuse admin administrator all anonymous api bot channel chat deleted everyone former-member guest help here
hostmaster mailer-daemon me mod moderator moderators new no-reply nobody noreply none notifications null official
owner people postmaster profile root room security settings staff support system undefined unknown webmaster welcome
you
"""
RESERVED = frozenset(_RESERVED.split())
"""Names that would mislead: roles of the site, words of mentions, words of addresses. Compared in lower case."""

KEPT_BACK = _("This name is reserved. Please choose another one.")
_SKELETONS = frozenset(map(skeleton, RESERVED))
_LIKE_AN_ID = "^-*([0-9A-Fa-f]-*){32}$"
NOT_RESERVED = models.CheckConstraint(
    condition=~models.Q(skeleton__in=sorted(RESERVED | _SKELETONS)) & ~models.Q(username__regex=_LIKE_AN_ID),
    name="users_username_reserved_check",
    violation_error_message=KEPT_BACK,
)
"""`not_reserved` for whoever writes to the table. Where that is in SQL, the skeleton is the lower-case form: names like
these are refused, others that only look like them are not."""

WORDS = _("Use letters, digits, dots, hyphens and underscores only, and no dot or hyphen at either end.")
_ASCII = "\\u0009\\u000a\\u0020-\\u002c\\u002f\\u003a-\\u0040\\u005b-\\u005e\\u0060\\u007b-\\u007e"
_SYMBOLS = "\\u00a0-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u2070\\u2190-\\u2bff"
_SYMBOLS += "\\u3000-\\u3004\\ue000-\\uf8ff\\U0001f000-\\U0001faff"
FORM = Rule("form", f"[{_ASCII}{CONTROLS}{DIRECTIONS}{INVISIBLE}{_SYMBOLS}]|^[.-]|[.-]$", WORDS)
"""`well_formed` as far as PostgreSQL can keep it in any locale: it has no word for "letter" that is the same in all."""

LETTERS = {
    "LATIN": "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u1e00-\\u1eff",
    "GREEK": "\\u0370-\\u0373\\u0376-\\u0377\\u037b-\\u037d\\u037f\\u0386\\u0388-\\u03e1\\u03f0-\\u03ff\\u1f00-\\u1fff",
    "CYRILLIC": "\\u0400-\\u0482\\u048a-\\u052f\\u1c80-\\u1c88\\ua640-\\ua66e",
    "ARMENIAN": "\\u0531-\\u0556\\u0560-\\u0588",
}
"""The alphabets whose letters are taken for one another's, by what Unicode's names of them begin with."""
_BESIDE = "|".join(f"[{one}].*[{other}]|[{other}].*[{one}]" for one, other in combinations(LETTERS.values(), 2))
ALPHABET = Rule("alphabet", _BESIDE, ONE_ALPHABET)
"""`one_script` as far as PostgreSQL can keep it: it knows of no letter which script it belongs to."""

long_enough = MinLengthValidator(USERNAME_MIN, at_least(USERNAME_MIN))
well_formed = RegexValidator(re.compile(r"^\w(?:[\w.-]*\w)?\Z"), WORDS)


def not_reserved(username: str) -> None:
    """Raises ValidationError for a reserved name, one that looks like it, and one that could be a user's id."""
    if is_reserved(username):
        raise ValidationError(KEPT_BACK, code="reserved")


def is_reserved(username: str) -> bool:
    return username.casefold() in RESERVED or skeleton(username) in _SKELETONS or _is_uuid(username)


VALIDATORS = (long_enough, well_formed, one_script, not_reserved)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
