from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Where sign-up and log-in ask this site's rules."""

    def is_open_for_signup(self, request: HttpRequest | None) -> bool:
        return bool(settings.CHAT_SIGNUP == "open")

    def get_user_search_fields(self) -> list[str]:
        return ["username", "email"]
