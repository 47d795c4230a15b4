from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.services import relationships
from messaging import access
from messaging.access import Seat
from messaging.presentation.rows import rows
from messaging.services import requests
from messaging.views.shell import SignedIn, shell


@require_safe
@never_cache
@login_required
def index(request: SignedIn) -> HttpResponse:
    """What strangers wrote, and what one can do about it."""
    context = shell(request, "requests")
    shown = rows(context["requests"], request.user.chat_id)
    return render(request, "messaging/requests.html", context | {"requested": shown, "on_requests": True})


def _answers(verb: Callable[[SignedIn, Seat], str]) -> Callable[[SignedIn, str], HttpResponse]:
    """A POST below a request: does it, says so, and goes to where one is then."""

    @require_POST
    @login_required
    def view(request: SignedIn, conversation_id: str) -> HttpResponse:
        address = verb(request, access.conversation(request.user.chat_id, conversation_id))
        return redirect(address, conversation_id) if address == "conversation" else redirect(address)

    return view


@_answers
def accept(request: SignedIn, seat: Seat) -> str:
    requests.accept(seat.me, seat.conversation.id)
    return "conversation"


@_answers
def decline(request: SignedIn, seat: Seat) -> str:
    requests.decline(seat.me, seat.conversation.id)
    toasts.success(request, _("Declined. They are not told."))
    return "requests"


@_answers
def block(request: SignedIn, seat: Seat) -> str:
    """Blocks who wrote here, and declines what they wrote: it stays away when the block is lifted."""
    if seat.partner:
        requests.decline(seat.me, seat.conversation.id)
        relationships.block(seat.me, seat.partner)
        toasts.success(request, _("Blocked. They are not told."))
    return "requests"
