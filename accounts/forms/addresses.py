from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import Plain
from accounts.models import User
from accounts.services import addresses


class ChangeEmail(Plain, AddEmailForm):  # type: ignore[misc]
    """Another address. It becomes mine when a code sent there comes back; without a mail server at once, unproven."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not settings.CHAT_MAIL and User.objects.filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request: HttpRequest) -> EmailAddress:
        if settings.CHAT_MAIL:
            return super().save(request)
        addresses.put(self.user, self.cleaned_data["email"])
        return EmailAddress.objects.get(user=self.user)
