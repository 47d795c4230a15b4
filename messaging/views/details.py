from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatsite.errors import ChatError
from messaging import access
from messaging.forms import PeopleForm
from messaging.services import members
from messaging.views.panel import MEMBERS_SHOWN, part
from messaging.views.shell import SignedIn
from messaging.views.start import choice


@require_safe
@never_cache
@login_required
def details(request: SignedIn, conversation_id: str) -> HttpResponse:
    """Who is in the conversation; and for a group its name, and what one may change."""
    return _details(request, conversation_id)


def _details(request: SignedIn, conversation_id: str, error: ChatError | None = None) -> HttpResponse:
    seat = access.conversation(request.user.chat_id, conversation_id)
    context: dict[str, object] = {}
    if seat.conversation.type == "group" and seat.membership.role in ("owner", "admin"):
        context |= _candidates(request, set(seat.conversation.participants))
    most = None if "members" in request.GET else MEMBERS_SHOWN
    return part(request, seat, "about", context | {"level": seat.membership.level or "all", "most": most}, error)


def _candidates(request: SignedIn, there: set[str]) -> dict[str, object]:
    """People who could be added: nobody until someone searches, which with an empty search is everybody."""
    if "people" not in request.GET:
        return {"chosen": [], "found": [], "people_q": "", "unasked": True}
    return choice(request, [], request.GET["people"], there)


def _changes(verb: Callable[[SignedIn, str], str | None]) -> Callable[[SignedIn, str], HttpResponse]:
    """A POST below the details: does it and says so, or shows the details again with the reason why not."""

    @require_POST
    @login_required
    def view(request: SignedIn, conversation_id: str) -> HttpResponse:
        access.conversation(request.user.chat_id, conversation_id)
        try:
            done = verb(request, conversation_id)
        except ChatError as error:
            return _details(request, conversation_id, error)
        if done:
            toasts.success(request, done)
        return redirect("conversation-details", conversation_id=conversation_id)

    return view


@_changes
def add(request: SignedIn, conversation_id: str) -> str | None:
    form = PeopleForm(request.POST)
    if not form.is_valid():
        return None
    members.add(request.user.chat_id, conversation_id, form.cleaned_data["who"])
    return _("Added.")


@_changes
def remove(request: SignedIn, conversation_id: str) -> str:
    members.remove(request.user.chat_id, conversation_id, request.POST.get("who", ""))
    return _("Removed from the group.")


@_changes
def role(request: SignedIn, conversation_id: str) -> str:
    members.set_role(request.user.chat_id, conversation_id, request.POST.get("who", ""), request.POST.get("role", ""))
    return _("The role was changed.")


@require_POST
@login_required
def leave(request: SignedIn, conversation_id: str) -> HttpResponse:
    """Leaves the group, and the page with it."""
    members.leave(request.user.chat_id, conversation_id)
    toasts.success(request, _("You left the group."))
    return redirect("inbox")
