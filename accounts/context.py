from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.services import settings


def mine(request: HttpRequest) -> dict[str, Any]:
    """`my`: the settings of whoever is signed in, read only by pages that ask for one."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):  # request.user is lazy, and says truly what it stands for
        return {}
    return {"my": SimpleLazyObject(lambda: settings.read(user.chat_id))}
