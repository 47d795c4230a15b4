from __future__ import annotations

from rest_framework.request import Request

from accounts.models import User


def viewer(request: Request) -> User:
    """Who is asking. For views that require authentication only."""
    if not isinstance(request.user, User):
        raise TypeError("This view needs IsAuthenticated.")
    return request.user
