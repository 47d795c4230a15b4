"""Invitations: making, listing and withdrawing them, and following one."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.invitations import InvitationForm
from accounts.services import invitations
from accounts.views.viewer import viewer
from chatsite.errors import NotFound


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """My invitations, and a new one. Its link is in this one answer and never again: no redirect, no store."""
    me = viewer(request)
    if not invitations.may_invite(me):
        raise NotFound(_("Here nobody is invited by a link."))
    form, link = InvitationForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _made, secret = invitations.make(me, **form.cleaned_data)
        link, form = _address(request, secret), InvitationForm()
    rows = [(one, invitations.trouble(one)) for one in invitations.listed(me)]
    context = {"section": "invitations", "form": form, "link": link, "rows": rows, "me": me}
    return render(request, "accounts/invitations.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Make a link stop working."""
    invitations.withdraw(viewer(request), invitation)
    messages.success(request, _("The invitation has been withdrawn."))
    return redirect("invitations")


@never_cache
@require_safe
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """Someone opens a link: on to sign-up, without the secret in the address; or a page that says why it fails."""
    invitation = invitations.find(secret)
    trouble = "closed" if settings.CHAT_SIGNUP == "closed" else invitations.trouble(invitation)
    if trouble or invitation is None:
        return render(request, "accounts/invitation_fails.html", {"trouble": trouble}, status=410)
    if request.user.is_authenticated:
        return redirect("/")
    invitations.show(request.session, invitation)
    return redirect("account_signup")


def _address(request: HttpRequest, secret: str) -> str:
    path = reverse("invitation", args=[secret])
    return settings.CHAT_URL + path if settings.CHAT_URL else request.build_absolute_uri(path)
