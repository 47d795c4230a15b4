from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.stages import EmailVerificationStage, LoginStage
from django.http import HttpResponse


class Proof(EmailVerificationStage):  # type: ignore[misc]
    """Where there is mail, whoever logs in shows that their address is theirs. Who has none has nothing to show."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is not None and not user.address:
            return None, True
        handled: tuple[HttpResponse | None, bool] = super().handle()
        return handled


class Standing(LoginStage):  # type: ignore[misc]
    """The last stage of every log-in: nobody gets in whose account is not open, or not yet."""

    key = "standing"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or user.is_active:
            return None, True
        return get_adapter().respond_user_inactive(self.request, user), False
