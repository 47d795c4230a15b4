"""Threads: beside the conversation where there is room, on a page of their own else."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chatsite.errors import ChatError, NotFound
from messaging import access
from messaging.access import Seat
from messaging.documents import Message
from messaging.presentation.timeline import draw_page, items
from messaging.services import members, messages, threads
from messaging.services.threads import ThreadPage
from messaging.views.conversation import page_context
from messaging.views.shell import SignedIn, number


@require_safe
@never_cache
@login_required
def show(request: SignedIn, conversation_id: str, message_id: str) -> HttpResponse:
    """A thread at its end, or `?before`, `?after` or `?around` a `seq`, with the conversation beside it."""
    seat, root = _door(request, conversation_id, message_id)
    if str(root.id) != message_id:
        return redirect("thread", conversation_id, str(root.id))
    return render(request, "messaging/thread.html", thread_context(request, seat, root))


@require_safe
@never_cache
@login_required
def replies(request: SignedIn, conversation_id: str, message_id: str) -> HttpResponse:
    """Replies as HTML, `?before` or `?after` a `seq`; with the message they are to, where they reach up to it."""
    seat, root = _door(request, conversation_id, message_id)
    page = _page(request, seat, root)
    others = [one for one in members.seats_shown(seat.me, seat.conversation.id) if one.user_id != seat.me]
    shown = page.messages if number(request, "after") is None else page.replies
    headers = {"X-Has-Before": str(int(page.has_before)), "X-Has-After": str(int(page.has_after))}
    return HttpResponse(draw_page(shown, seat.me, others, place="thread"), headers=headers)


def thread_context(
    request: SignedIn, seat: Seat, root: Message, error: ChatError | None = None, content: str = ""
) -> dict[str, Any]:
    """Everything the page of a thread shows. `error` and `content` bring back a reply that was not sent."""
    context = page_context(request, seat)  # read first: what comes between the two, a browser hears of
    page = _page(request, seat, root)
    others = [one.seat for one in context["conversation"].others]
    count = page.root.thread.count if page.root.thread else 0
    return context | {
        "thread": page,
        "thread_items": items(page.messages, seat.me, others, None, context["known"], place="thread"),
        "thread_words": ngettext("%(count)d reply", "%(count)d replies", count) % {"count": count} if count else "",
        "thread_begins": messages.preview(page.root),
        "thread_client_id": uuid.uuid4(),
        "thread_error": error,
        "thread_content": content,
    }


def _door(request: SignedIn, conversation_id: str, message_id: str) -> tuple[Seat, Message]:
    """The conversation and the message that the thread begins with. Raises NotFound where that is in another one."""
    me = request.user.chat_id
    seat, root = access.conversation(me, conversation_id), threads.root(me, message_id)
    if root.conversation_id != seat.conversation.id:
        raise NotFound(_("There is no such thread."))
    return seat, root


def _page(request: SignedIn, seat: Seat, root: Message) -> ThreadPage:
    asked = {name: number(request, name) for name in ("before", "after", "around")}
    for name, seq in asked.items():
        if seq is not None:
            return threads.read_page(seat, root, **{name: seq})
    return threads.read_page(seat, root)
