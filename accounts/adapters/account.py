from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import EmailVerificationMethod
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from accounts.backends import person_of
from accounts.models import User
from accounts.models.fields import short_enough
from accounts.models.lookalikes import TAKEN
from accounts.models.nowhere import ZONE, nowhere
from accounts.services import applications, departures, invitations, registration, returning

WRONG = gettext_lazy("This name and this password do not belong together.")
ALLAUTHS_PROOF, PROOF = "allauth.account.stages.EmailVerificationStage", "accounts.stages.Proof"
SLOWER = gettext_lazy("Too many tries. Please wait some minutes.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Where sign-up and log-in ask this site's rules."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "username_taken": TAKEN,
        "email_taken": gettext_lazy("There is an account with this address. Log in, or ask for a new password."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_code": gettext_lazy("This code is not right. Please look again, or ask for a new one."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "too_many_login_attempts": gettext_lazy("Too many wrong tries. Please wait some minutes."),
        "rate_limited": SLOWER,
    }

    def is_open_for_signup(self, request: HttpRequest | None) -> bool:
        return registration.is_open(invitations.shown(request.session) if request else None)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        cleaned: str = super().clean_username(User.normalize_username(username), shallow)
        if not shallow and (User.objects.looking_like([cleaned]).exists() or departures.retired([cleaned])):
            raise ValidationError(TAKEN, code="username_taken")
        return cleaned

    def clean_email(self, email: str) -> str:
        """allauth cuts a longer one to fit the column, which would be somebody else's address."""
        short_enough(email)
        cleaned: str = super().clean_email(email)
        return cleaned

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Saves someone new, by the rules of sign-up. Raises Forbidden when an invitation was used up meanwhile."""
        saved: User = super().save_user(request, user, form, commit=False)
        saved.email = saved.email or nowhere(saved.pk)
        if not commit:
            return saved
        saved.save()
        vouched = bool(getattr(form, "vouched", False))
        return registration.admit(saved, invitations.shown(request.session), vouched=vouched)

    def pre_login(self, request: HttpRequest, user: User, **hook: Any) -> HttpResponse | None:
        """Whoever left proves everything, as everybody does, before they are asked whether they come back. Whoever
        waits for approval proves their address first: only so does a sign-up with somebody's address look like any
        other."""
        if not user.is_active and departures.of(user):
            return None
        if not user.is_active and applications.of(user) and hook["email_verification"] != EmailVerificationMethod.NONE:
            return None
        response: HttpResponse | None = super().pre_login(request, user, **hook)
        return response

    def get_login_stages(self) -> list[str]:
        stages = [PROOF if one == ALLAUTHS_PROOF else one for one in super().get_login_stages()]
        return [*stages, "accounts.stages.Standing"]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Whoever left is asked whether they come back; whoever waits for approval sees where they stand; for all
        others the account is closed."""
        if departures.of(user):
            returning.remember(request.session, user)
            return redirect("return")
        applications.remember(request.session, user)
        return redirect("waiting" if applications.of(user) else "account_inactive")

    def get_user_search_fields(self) -> list[str]:
        return ["username", "email__exact"]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/settings/security/"

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return "/settings/security/"

    def format_email_subject(self, subject: str) -> str:
        return f"[{settings.CHAT_NAME}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if not email.endswith(f".{ZONE}"):
            super().send_mail(template_prefix, email, context | {"site_name": settings.CHAT_NAME})

    def _get_login_attempts_cache_key(self, request: HttpRequest | None, **credentials: Any) -> str:
        """What wrong passwords are counted by: the account. allauth counts by what was typed and the host that was
        asked, so a name, an address and three hosts would be six times as many tries."""
        login = str(credentials.get("username") or credentials.get("email") or "").strip()
        person = person_of(login)
        return f"person:{person.pk}" if person else f"nobody:{login.lower()}"
