from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from accounts.declared import AUTOMATIC
from accounts.models import User
from accounts.services import registration, sessions, settings
from chatsite.postgres import absence, scope

PROVING = ("allauth.", "accounts.views.sign_in", "accounts.views.oidc", "accounts.views.leaving")
"""Modules whose views log in, sign up, and change what an account is guarded by."""
OPEN = (
    "/welcome/",
    "/static/",
    "/health/",
    "/metrics",
    "/api/",
    "/sw.js",
    "/manifest.webmanifest",
    "/offline/",
    "/words/",
)


class FirstStart:
    """Sends every page to /welcome/ while nobody has an account. Once somebody has, it asks no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OPEN) and not registration.begun():
            return redirect(reverse("welcome"))
        return self.get_response(request)


class Proving:
    """The views in which somebody proves who they are work under the role for that, from first to last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> None:
        if view.__module__.startswith(PROVING):
            scope.declare(scope.PROVING)


class SeenSessions:
    """Notes now and then that a session is in use, for the list that its owner sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sessions.note(request)  # before the view: one of the API puts the bearer of a token in the user's place
        return self.get_response(request)


class Preferences:
    """Pages speak the language and tell the time of whoever is signed in, where they chose one.

    Data and files have neither: there nothing is asked. `request.my` are the settings, for the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN):
            return self.get_response(request)
        # without PostgreSQL nobody knows who this is: then the view says so
        my = absence.or_known(lambda: _settings(request), settings.defaults())
        request.my = my  # type: ignore[attr-defined]
        if my["language"] != AUTOMATIC:
            translation.activate(my["language"])
        with timezone.override(None if my["time_zone"] == AUTOMATIC else ZoneInfo(my["time_zone"])):
            return self.get_response(request)


def _settings(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    return settings.read(user.chat_id) if isinstance(user, User) else settings.defaults()
