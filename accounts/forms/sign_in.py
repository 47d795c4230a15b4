"""allauth's forms in this site's words: one password field, labels instead of placeholders, help where it helps."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.socialaccount import forms as social
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
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
    """Where mail reaches nobody, no address is asked for: it could not be proven, and one that is taken would have to
    be called so, which tells who has an account."""

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
        if self.asks_address:
            self.fields["email"].label = _("E-mail")
        else:
            del self.fields["email"]
        self.ask_once("password1", _("Password"))

    @property
    def asks_address(self) -> bool:
        return settings.CHAT_MAIL

    def try_save(self, request: HttpRequest) -> Any:
        """Somebody's address costs a hash as well, so that time does not tell it from a free one."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class SocialSignUp(Plain, social.SignupForm):  # type: ignore[misc]
    """Someone comes from the OpenID Connect provider: they choose a name. An address that it vouches for stays;
    any other is asked for where mail can prove it, and forgotten where it cannot."""

    field_order = ["username", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].help_text = _("Letters, digits, dots, hyphens and underscores. Others find you by it.")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        self.fields["email"].label = _("E-mail")
        self.fields["email"].disabled = any(one.verified for one in self.sociallogin.email_addresses)
        if not (settings.CHAT_MAIL or self.fields["email"].disabled):
            del self.fields["email"]

    @property
    def vouched(self) -> bool:
        """Whether the provider's word lets people in, whatever the rule of sign-up is."""
        return bool(settings.OIDC_SIGNUP)


class RequestCode(Plain, allauth.RequestLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs |= {"autofocus": True}


class Reauthenticate(Plain, allauth.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs |= {"autofocus": True}


class ResetPassword(Plain, allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")


class ChoosePassword(Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_once("password1", _("New password"))


class SetPassword(Plain, allauth.SetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_once("password1", _("Password"))


class ChangePassword(Plain, allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.ask_once("password1", _("New password"))


class Welcome(SignUp):
    """The first administrator of a fresh installation; validated exactly as any sign-up. There is nobody yet whose
    address could be told."""

    asks_address = True
