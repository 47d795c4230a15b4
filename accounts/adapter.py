from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.lookalikes import TAKEN
from accounts.services import departures, registration, returning

EMAIL_MAX = 254  # characters: RFC 5321, 4.5.3.1.3
WRONG = _("This name and this password do not belong together.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Where sign-up and log-in ask this site's rules."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "username_taken": TAKEN,
        "email_taken": _("There is an account with this address. Log in, or ask for a new password."),
        "too_many_login_attempts": _("Too many wrong passwords. Please wait some minutes."),
        "rate_limited": _("Too many tries. Please wait some minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest | None) -> bool:
        return bool(settings.CHAT_SIGNUP == "open")

    def clean_username(self, username: str, shallow: bool = False) -> str:
        cleaned: str = super().clean_username(User.normalize_username(username), shallow)
        if not shallow and (User.objects.looking_like([cleaned]).exists() or departures.retired([cleaned])):
            raise ValidationError(TAKEN, code="username_taken")
        return cleaned

    def clean_email(self, email: str) -> str:
        """allauth cuts a longer one to fit the column, which would be somebody else's address."""
        if len(email) > EMAIL_MAX:
            raise ValidationError(_("At most %(most)d characters."), params={"most": EMAIL_MAX})
        cleaned: str = super().clean_email(email)
        return cleaned

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        saved: User = super().save_user(request, user, form, commit)
        return registration.complete(saved) if commit else saved

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Whoever left by themself, and has just proved who they are, is asked whether they come back."""
        if departures.of(user) is None:
            return redirect("account_inactive")
        returning.remember(request.session, user)
        return redirect("return")

    def get_user_search_fields(self) -> list[str]:
        return ["username", "email"]

    def format_email_subject(self, subject: str) -> str:
        return f"[{settings.CHAT_NAME}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, context | {"site_name": settings.CHAT_NAME})
