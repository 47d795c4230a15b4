"""A message by itself: what one can do with it without any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatsite.errors import ChatError, NotFound
from messaging import access
from messaging.access import Seat
from messaging.documents import Message
from messaging.presentation.timeline import items
from messaging.services import amendments, hiding, members, messages, pace
from messaging.views.shell import SignedIn, shell

QUICK = ("👍", "❤️", "😂", "🎉", "😮", "😢")


@require_safe
@never_cache
@login_required
def show(request: SignedIn, message_id: str) -> HttpResponse:
    """The message and every act on it, as forms."""
    return _show(request, message_id)


def _show(
    request: SignedIn, message_id: str, error: ChatError | None = None, content: str | None = None
) -> HttpResponse:
    me = request.user.chat_id
    found = messages.one(me, message_id)
    seat = access.conversation(me, str(found.conversation_id))
    context = shell(request, str(seat.conversation.id)) | _context(request, seat, found)
    context |= {"error": error, "content": found.content if content is None else content}
    return render(request, "messaging/message.html", context, status=error.status if error else 200)


def _context(request: SignedIn, seat: Seat, found: Message) -> dict[str, Any]:
    me = request.user.chat_id
    others = [one for one in members.seats_shown(me, seat.conversation.id) if one.user_id != me]
    address = address_of(found)
    return {
        "message": found,
        "items": [one for one in items([found], me, others, None) if one.kind == "message"],
        "conversation_id": str(seat.conversation.id),
        "private": seat.partner is not None,
        "address": address,
        "link": request.build_absolute_uri(address),
        "mine": found.sender_id == me,
        "manages": seat.partner is None and seat.membership.role in ("owner", "admin"),
        "quick": QUICK,
        "versions": amendments.history(me, found.id) if found.edited_at and not found.deleted_at else [],
    }


def address_of(message: Message) -> str:
    """Where the conversation opens at a message, for those who are in it."""
    here = reverse("conversation", args=[str(message.conversation_id)])
    return f"{here}?around={message.seq}#message-{message.seq}"


Act = Callable[[SignedIn, str], str | None]


def _act(act: Act) -> Callable[[SignedIn, str], HttpResponse]:
    """A POST below a message: does it, says so, and shows the conversation there; or the message with why not."""

    @require_POST
    @login_required
    def view(request: SignedIn, message_id: str) -> HttpResponse:
        found = access.message(request.user.chat_id, message_id)
        try:
            pace.writing.take(request.user.chat_id)
            done = act(request, message_id)
        except NotFound:
            raise
        except ChatError as error:
            return _show(request, message_id, error, request.POST.get("content"))
        if done:
            toasts.success(request, done)
        return redirect(address_of(found))

    return view


@_act
def edit(request: SignedIn, message_id: str) -> str:
    words = request.POST.get("content", "").replace("\r\n", "\n")
    amendments.edit(request.user.chat_id, message_id, uuid4(), words)
    return _("The message was edited.")


@_act
def react(request: SignedIn, message_id: str) -> None:
    """Sets one's reaction; the one that is set already is taken back."""
    me, emoji = request.user.chat_id, request.POST.get("emoji", "").strip()
    found = access.message(me, message_id)
    held = any(one.emoji == emoji and me in one.user_ids for one in found.reactions)
    amendments.react(me, message_id, uuid4(), emoji, not held)


@_act
def pin(request: SignedIn, message_id: str) -> str:
    on = request.POST.get("on") == "1"
    amendments.pin(request.user.chat_id, message_id, uuid4(), on)
    return _("The message is pinned.") if on else _("The message is not pinned any more.")


@_act
def delete(request: SignedIn, message_id: str) -> str:
    amendments.delete(request.user.chat_id, message_id, uuid4())
    return _("The message was deleted for everyone.")


@_act
def hide(request: SignedIn, message_id: str) -> str:
    hiding.hide(request.user.chat_id, message_id, True)
    return _("The message was deleted for you.")
