"""allauth's forms in this site's words: one password field, labels instead of placeholders, help where it helps."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models.texts import at_least, at_most
from accounts.models.usernames import USERNAME_MAX, USERNAME_MIN

PASSWORD_HELP = _("At least 12 characters. A few words that mean something to you only are easy to keep in mind.")


class Plain:
    """Labels stand above the fields: no placeholder repeats them."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def ask_once(self, name: str, label: Any) -> None:
        """The new password, once, with help in our words. Password managers and the eye show it; twice helps nobody."""
        self.fields.pop("password2", None)
        field = self.fields[name]
        field.label, field.help_text = label, PASSWORD_HELP


class LogIn(Plain, allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        self.fields["password"].help_text = format_html(
            '<a href="{}">{}</a>', reverse("account_reset_password"), _("Forgot your password?")
        )


class SignUp(Plain, allauth.SignupForm):  # type: ignore[misc]
    field_order = ["username", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].help_text = _("Letters, digits, dots, hyphens and underscores. Others find you by it.")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        self.fields["username"].error_messages |= {
            "min_length": at_least(USERNAME_MIN),
            "max_length": at_most(USERNAME_MAX),
        }
        self.fields["email"].label = _("E-mail")
        self.ask_once("password1", _("Password"))


class ResetPassword(Plain, allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")


class ChoosePassword(Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_once("password1", _("New password"))


class ChangePassword(Plain, allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.ask_once("password1", _("New password"))


class Welcome(SignUp):
    """The first administrator of a fresh installation; validated exactly as any sign-up."""
