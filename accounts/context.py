from __future__ import annotations

from typing import Any

from django.conf import settings as site
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.services import invitations, settings


def mine(request: HttpRequest) -> dict[str, Any]:
    """`my`: the settings of whoever is signed in, as the request has them, else read when asked for; `may_invite` and
    `decides`: whether they see the pages of invitations and of those who wait for approval."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):  # request.user is lazy, and says truly what it stands for
        return {}
    return {
        "my": getattr(request, "my", None) or SimpleLazyObject(lambda: settings.read(user.chat_id)),
        "may_invite": invitations.may_invite(user),
        "decides": user.is_staff and site.CHAT_SIGNUP == "approval",
    }
