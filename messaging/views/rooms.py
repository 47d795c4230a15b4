"""Public rooms: finding and joining them; and coming into a group by its link."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services import tokens
from chatsite.errors import ChatError, NotFound
from chatsite.web import guarded
from messaging.presentation.rooms import room, rooms
from messaging.services import inbox, invites, pictures
from messaging.services import rooms as service
from messaging.views.shell import SignedIn, shell


@require_safe
@never_cache
@login_required
def index(request: SignedIn) -> HttpResponse:
    """The rooms that anyone may join; `?search` narrows them."""
    return _index(request)


def _index(request: SignedIn, error: ChatError | None = None) -> HttpResponse:
    search = request.GET.get("search", "")
    found = service.page(search, inbox.position(request.GET.get("cursor", "")))
    context = {"found": found, "rooms": rooms(found.rooms, request.user.chat_id), "search": search, "problem": error}
    return render(
        request, "messaging/rooms.html", shell(request, "rooms") | context, status=error.status if error else 200
    )


@require_POST
@login_required
def join(request: SignedIn, conversation_id: str) -> HttpResponse:
    try:
        joined = service.join(request.user.chat_id, conversation_id)
    except NotFound:
        raise
    except ChatError as error:
        return _index(request, error)
    return redirect("conversation", conversation_id=str(joined.id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def follow(request: SignedIn, secret: str) -> HttpResponse:
    """A link into a group: what it leads to and a button, or why it does not let this person in."""
    me = request.user.chat_id
    group, trouble = invites.follow(me, secret)
    if group is not None and me in group.participants:
        return redirect("conversation", conversation_id=str(group.id))
    if request.method == "POST" and not trouble:
        try:
            return redirect("conversation", conversation_id=str(invites.join(me, secret).id))
        except ChatError as error:
            toasts.error(request, error.detail)
            return redirect("invite", secret=secret)
    shown = {"room": room(group, me) if group else None, "why": invites.words(trouble) if trouble else ""}
    return render(request, "messaging/join.html", shell(request, "join") | shown, status=410 if trouble else 200)


@require_safe
def picture(request: HttpRequest, conversation_id: str, key: str, size: int) -> HttpResponseBase:
    """A group's picture, for those who may see it; for everybody else there is none."""
    user = tokens.caller(request)
    if user is None:
        raise NotFound(_("There is no such picture."))
    name = pictures.name(user.chat_id, conversation_id, key, size)
    return guarded.picture(request, name, f'"{key}-{size}"')
