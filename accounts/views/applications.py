"""Sign-up by approval: the page of those who wait, and that of the staff who decide."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.services import applications
from accounts.views.viewer import viewer
from chatsite.errors import NotFound


@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Where I stand. Only for a browser that has proved to be me, by signing up or by my password."""
    application = applications.remembered(request.session)
    if application is None:
        return redirect("account_login")
    return render(request, "accounts/waiting.html", {"application": application})


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Those who wait, for the staff."""
    _staff(request)
    return render(request, "accounts/applications.html", {"section": "applications", "waiting": applications.waiting()})


@login_required
@require_POST
def decide(request: HttpRequest, application: UUID) -> HttpResponse:
    """Let someone in, or do not."""
    approve = request.POST.get("decision") == "approve"
    user = applications.decide(_staff(request), application, approve=approve)
    words = _("%(name)s may come in.") if approve else _("%(name)s was refused.")
    messages.success(request, words % {"name": user.username})
    return redirect("applications")


def _staff(request: HttpRequest) -> User:
    me = viewer(request)
    if not me.is_staff:
        raise NotFound(_("There is nothing at this address."))
    return me
