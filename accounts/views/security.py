"""The security of one's own account: an overview, and the browsers and clients one is signed in with."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.services import connections, second_factors, sessions, tokens
from accounts.views.viewer import viewer


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How my account is guarded, and what I can do about it."""
    me = viewer(request)
    context = {
        "section": "security",
        "me": me,
        "protection": second_factors.protection(me),
        "browsers": len(sessions.browsers(me, request.session.session_key)),
        "clients": len(tokens.families(me.chat_id)),
        "provider": settings.OIDC_NAME if settings.OIDC_URL else "",
        "connected": connections.of(me),
    }
    return render(request, "accounts/security.html", context)


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    me = viewer(request)
    browsers = sessions.browsers(me, request.session.session_key)
    context = {"section": "security", "browsers": browsers, "clients": tokens.families(me.chat_id)}
    return render(request, "accounts/sessions.html", context)


@login_required
@require_POST
def end_browser(request: HttpRequest, browser: int) -> HttpResponse:
    """Sign one of my browsers out."""
    sessions.end(viewer(request), browser)
    messages.success(request, _("The browser has been logged out."))
    return redirect("sessions")


@login_required
@require_POST
def end_client(request: HttpRequest, family: UUID) -> HttpResponse:
    """Sign one of my clients out."""
    tokens.end(viewer(request).chat_id, family)
    messages.success(request, _("The client has been logged out."))
    return redirect("sessions")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign me out everywhere but here."""
    sessions.end_others(viewer(request), request.session.session_key)
    messages.success(request, _("You are logged out everywhere but here."))
    return redirect("sessions")
