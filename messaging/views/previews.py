"""Previews of links: their pictures, and taking them off one's message."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.services import tokens
from chatsite.errors import NotFound
from chatsite.web import guarded, ranges
from messaging import access
from messaging.documents import Message
from messaging.presentation import link_cards
from messaging.protocol import message_data
from messaging.services import amendments, attachments, cards
from messaging.views.shell import SignedIn, shell


@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture made of one that a page names, for whoever is signed in: it says nothing of who shows it."""
    if tokens.caller(request) is None:
        raise NotFound(_("There is no such picture."))
    name, etag = cards.stored(key), f'"{key}"'
    size = attachments.length(name)
    response: HttpResponseBase | None = guarded.handed_over(name)
    if response is None and request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304, headers={"ETag": etag})
    response = guarded.guard(response or ranges.answer(request, partial(attachments.read, name), size, etag))
    response["Content-Type"] = "image/webp"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def remove(request: SignedIn, message_id: str) -> HttpResponse:
    """Asks whether the previews are to go (the way that works without script), and takes them off."""
    me = request.user.chat_id
    if request.method == "POST":
        return redirect(_place(amendments.leave_links_plain(me, message_id)))
    message = access.message(me, message_id)
    shown = link_cards.views(message_data(message).previews)
    return render(request, "messaging/previews.html", {**shell(request), "previews": shown, "back": _place(message)})


def _place(message: Message) -> str:
    here = reverse("conversation", args=[str(message.conversation_id)])
    return f"{here}?around={message.seq}#message-{message.seq}"
