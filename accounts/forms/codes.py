"""Codes that came by mail: one field, written as people write codes."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import Plain


class Code(Plain):
    """Letters in any case, with or without the dash."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.Field = self.fields["code"]
        field.label = _("Code")
        field.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false", "autofocus": True}


class VerifyEmail(Code, allauth.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class LogInCode(Code, allauth.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ResetCode(Code, allauth.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass
