"""What a user name may be. Display names are free; user names stand in addresses and mentions."""

from __future__ import annotations

import re
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

USERNAME_MAX = 50  # characters, as the database plan has it

_RESERVED = """
abuse admin administrator all anonymous api bot channel chat deleted everyone former-member guest help here
hostmaster mailer-daemon me mod moderator moderators new no-reply nobody noreply none notifications null official
owner people postmaster profile root room security settings staff support system undefined unknown webmaster welcome
you
"""
RESERVED = frozenset(_RESERVED.split())
"""Names that would mislead: roles of the site, words of mentions, words of addresses. Compared in lower case."""

well_formed = RegexValidator(
    re.compile(r"^\w(?:[\w.-]*\w)?\Z"),
    _("Use letters, digits, dots, hyphens and underscores only, and no dot or hyphen at either end."),
)


def not_reserved(username: str) -> None:
    """Raises ValidationError for a reserved name, and for one that could be taken for a user's id."""
    if username.casefold() in RESERVED or _is_uuid(username):
        raise ValidationError(_("This name is reserved. Please choose another one."), code="reserved")


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
