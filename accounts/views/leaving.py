"""Closing one's account or having it deleted, and coming back."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms.leaving import DELETE, LeavingForm
from accounts.services import departures, returning
from accounts.views.viewer import viewer
from chatsite.errors import Conflict

UNTIL = "left_until"  # in the session that is left after logging out


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """What leaving means, and the two ways of it. Whoever goes one has just proved who they are."""
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        go = departures.delete if form.cleaned_data["action"] == DELETE else departures.close
        try:
            departure = go(viewer(request).chat_id)
        except Conflict as error:
            form.add_error(None, error.detail)
        else:
            logout(request)
            request.session[UNTIL] = departure.due_at.isoformat() if departure.due_at else None
            return redirect("left")
    context = {"section": "profile", "form": form, "days": departures.GRACE.days}
    return render(request, "accounts/leave.html", context, status=409 if form.errors else 200)


@never_cache
@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Where one stands after leaving: until when one may come back."""
    until = request.session.get(UNTIL)
    return render(request, "accounts/left.html", {"until": parse_datetime(until) if until else None})


@never_cache
@require_http_methods(["GET", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Asks who left, and has just logged in, whether they come back; signs them in when they do."""
    departure = returning.who(request.session)
    if departure is None:
        return redirect("account_login")
    if request.method == "GET":
        return render(request, "accounts/return.html", {"departure": departure})
    person = returning.answer_yes(request.session)
    if person is None:
        return redirect("account_login")
    login(request, person)
    messages.success(request, _("Welcome back. Everything is as it was."))
    return redirect("/")
