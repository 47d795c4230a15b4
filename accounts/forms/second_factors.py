"""allauth's forms of second factors, in this site's words; and each code works once."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import Plain
from accounts.models import User
from accounts.services import second_factors

NAME_MAX = 50  # characters


class Once(Plain):
    """A code from the app or a recovery code. Used a second time it is wrong, also while the app still shows it."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not second_factors.first_use(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactor(Once, base.AuthenticateForm):  # type: ignore[misc]
    pass


class Reauthenticate(Once, base.ReauthenticateForm):  # type: ignore[misc]
    pass


@contextmanager
def _understood() -> Iterator[None]:
    """What an authenticator said is sent by browsers, which can send anything: what fido2 stumbles over is wrong."""
    try:
        yield
    except (TypeError, ValueError, LookupError, AttributeError, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class ActivateTOTP(Once, ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code it shows now")
        self.fields["code"].widget.attrs.pop("autofocus")


class AddPasskey(Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Always a passkey: one that is found without a user name and asks for finger, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name(help_text=_("So that you know which one it is: the telephone, the key ring …"))
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True

    def clean(self) -> Any:
        with _understood():
            return super().clean()


class Answered(Plain):
    """Someone proves with a passkey who they are."""

    def clean_credential(self) -> Any:
        with _understood():
            return super().clean_credential()  # type: ignore[misc]


class LogInByPasskey(Answered, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAsSecondFactor(Answered, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticateByPasskey(Answered, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class RenamePasskey(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name()


def _name(**more: Any) -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=NAME_MAX, widget=forms.TextInput({"dir": "auto"}), **more)
