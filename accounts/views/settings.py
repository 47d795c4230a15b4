from __future__ import annotations

from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.declared import AUTOMATIC
from accounts.forms.settings import SettingsForm
from accounts.services import settings
from accounts.views.viewer import viewer

COOKIE_AGE = 60 * 60 * 24 * 365  # seconds


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """My settings. Theme and language are cookies as well, so that pages before log-in have them."""
    me = viewer(request)
    form = SettingsForm(request.POST or None, initial=settings.read(me.chat_id))
    if request.method == "POST" and form.is_valid():
        values = settings.update(me.chat_id, form.chosen)
        messages.success(request, _("Your settings have been saved."))
        response = redirect("settings")
        _set_theme(response, str(values["theme"]))
        _set_language(response, str(values["language"]))
        return response
    return render(request, "accounts/settings.html", {"section": "settings", "form": form})


def _set_theme(response: HttpResponse, theme: str) -> None:
    if theme == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie("theme", theme, max_age=COOKIE_AGE, samesite="Lax", secure=site.SECURE)


def _set_language(response: HttpResponse, language: str) -> None:
    if language == AUTOMATIC:
        response.delete_cookie(site.LANGUAGE_COOKIE_NAME, samesite="Lax")
    else:
        response.set_cookie(site.LANGUAGE_COOKIE_NAME, language, max_age=COOKIE_AGE, samesite="Lax", secure=site.SECURE)
