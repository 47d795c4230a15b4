from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


def viewer(request: HttpRequest) -> User:
    """Who is asking. For views behind `login_required` only: to an anonymous request it is an error of ours."""
    if not isinstance(request.user, User):
        raise TypeError("This view needs login_required.")
    return request.user
