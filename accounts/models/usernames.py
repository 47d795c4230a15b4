"""What a user name may be. Display names are freer (`texts`); user names stand in addresses and mentions."""

from __future__ import annotations

import re
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models.lookalikes import one_script, skeleton
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

_SKELETONS = frozenset(map(skeleton, RESERVED))

WORDS = _("Use letters, digits, dots, hyphens and underscores only, and no dot or hyphen at either end.")
_ASCII = "\\u0009\\u000a\\u0020-\\u002c\\u002f\\u003a-\\u0040\\u005b-\\u005e\\u0060\\u007b-\\u007e"
_SYMBOLS = "\\u00a0-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u2070\\u2190-\\u2bff"
_SYMBOLS += "\\u3000-\\u3004\\ue000-\\uf8ff\\U0001f000-\\U0001faff"
FORM = Rule("form", f"[{_ASCII}{CONTROLS}{DIRECTIONS}{INVISIBLE}{_SYMBOLS}]|^[.-]|[.-]$", WORDS)
"""`well_formed` as far as PostgreSQL can keep it in any locale: it has no word for "letter" that is the same in all."""

long_enough = MinLengthValidator(USERNAME_MIN, at_least(USERNAME_MIN))
well_formed = RegexValidator(re.compile(r"^\w(?:[\w.-]*\w)?\Z"), WORDS)


def not_reserved(username: str) -> None:
    """Raises ValidationError for a reserved name, one that looks like it, and one that could be a user's id."""
    if username.casefold() in RESERVED or skeleton(username) in _SKELETONS or _is_uuid(username):
        raise ValidationError(_("This name is reserved. Please choose another one."), code="reserved")


VALIDATORS = (long_enough, well_formed, one_script, not_reserved)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
