from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.services import registration, sessions

OPEN = ("/welcome/", "/static/", "/health/", "/metrics", "/api/")


class FirstStart:
    """Sends every page to /welcome/ while nobody has an account. Once somebody has, it asks no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OPEN) and not registration.begun():
            return redirect(reverse("welcome"))
        return self.get_response(request)


class SeenSessions:
    """Notes now and then that a session is in use, for the list that its owner sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sessions.note(request)  # before the view: one of the API puts the bearer of a token in the user's place
        return self.get_response(request)
