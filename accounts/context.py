from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.services import settings


def mine(request: HttpRequest) -> dict[str, Any]:
    """`my`: the settings of whoever is signed in, as the page's request has them, else read when one asks for them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):  # request.user is lazy, and says truly what it stands for
        return {}
    return {"my": getattr(request, "my", None) or SimpleLazyObject(lambda: settings.read(user.chat_id))}
