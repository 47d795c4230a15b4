from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notifications.forms import PreferencesForm
from notifications.services import preferences
from notifications.views.viewer import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def edit(request: SignedIn) -> HttpResponse:
    """What I want to hear of, and how."""
    me = request.user.chat_id
    form = PreferencesForm(request.POST if request.method == "POST" else None, preferences.get(me))
    if form.is_valid():
        preferences.put(me, *form.values())
        messages.success(request, _("Your preferences have been saved."))
        return redirect("notification-preferences")
    return render(request, "notifications/preferences.html", {"section": "notifications", "form": form})
