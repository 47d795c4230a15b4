from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.stages import LoginStage
from django.http import HttpResponse


class Standing(LoginStage):  # type: ignore[misc]
    """The last stage of every log-in: nobody gets in whose account is not open, or not yet."""

    key = "standing"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or user.is_active:
            return None, True
        return get_adapter().respond_user_inactive(self.request, user), False
