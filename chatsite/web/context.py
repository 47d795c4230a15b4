from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page may say about the site itself."""
    return {
        "site_name": settings.CHAT_NAME,
        "signup_open": settings.CHAT_SIGNUP in ("open", "approval"),
        "mail": settings.CHAT_MAIL,
        "provider_name": settings.OIDC_NAME if settings.OIDC_URL else "",
    }
