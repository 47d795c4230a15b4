from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from chatsite.crypto import envelope

SEALED = "mfa_authenticator.data"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors and passkeys in this site's names."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right. Codes change every 30 seconds, and each works once."),
    }

    def encrypt(self, text: str) -> str:
        """TOTP secrets and the seed of recovery codes. Passkeys do not come by here: models/borrowed.py seals them."""
        return envelope.seal(text, SEALED)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SealError; a secret in the clear is none of ours."""
        return envelope.unseal(encrypted_text, SEALED)

    def get_totp_issuer(self) -> str:
        return str(settings.CHAT_NAME)

    def get_totp_label(self, user: User) -> str:
        return user.username

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey") if not count else _("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to a host name: that of CHAT_URL, whatever other names the site is reached by."""
        host = urlsplit(settings.CHAT_URL).hostname or context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings.CHAT_NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.username}
