from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

GUESSES_MIN = 10_000  # SECURITY.md 4, as Zulip has it
LOOKED_AT = 72  # characters; looking takes the square of the length, and what is longer is not guessed anyway


class Guessable:
    """Refuses what a guesser tries early: repetitions, rows of keys, names and words of this site and this person."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError for a password among the first GUESSES_MIN that a guesser would try."""
        if zxcvbn(password[:LOOKED_AT], _words(user))["guesses"] < GUESSES_MIN:
            raise ValidationError(
                _("This is quickly guessed. Take a few words that do not belong together."), code="password_guessable"
            )

    def get_help_text(self) -> str:
        return _("Not what is guessed early: repetitions, rows of keys, names.")


def _words(user: AbstractBaseUser | None) -> list[str]:
    own = [str(getattr(user, name, None) or "") for name in ("username", "email")]
    return [word for word in (*own, own[1].partition("@")[0], settings.CHAT_NAME) if word]
