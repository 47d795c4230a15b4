from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import policy
from accounts.services import people
from chatsite.clock import iso
from chatsite.errors import ChatError, NotFound
from chatsite.types import UserId
from messaging import access
from messaging.access import Seat
from messaging.presentation import blank
from messaging.presentation.conversation import conversation as draw_conversation
from messaging.presentation.message import quoted
from messaging.presentation.rows import RowView, arranged
from messaging.presentation.timeline import items
from messaging.search import query as search
from messaging.services import arrangements, inbox, members, messages, uploads
from messaging.services.messages import PAGE, PAGE_MAX, Page
from messaging.views.shell import SignedIn, number, shell

CONTEXT = 20  # messages shown above the first unread one


@require_safe
@never_cache
@login_required
def show(request: SignedIn, conversation_id: str) -> HttpResponse:
    """A conversation, at its first unread message, else at its end; `?before`, `?after` or `?around` a `seq`, or
    `?on` a day. One with somebody whom the viewer blocks is put away: their page has what brings it back."""
    me = request.user.chat_id
    if blocked := access.blocked_partner(me, conversation_id):
        return redirect("person", people.card(blocked).username)
    seat = access.conversation(me, conversation_id)
    if "X-Requested-With" not in request.headers:  # a person, not a page that draws itself anew
        arrangements.opened(seat)
    if "on" in request.GET:
        return redirect(_address_of_day(request, seat))
    return render(request, "messaging/conversation.html", page_context(request, seat))


def _address_of_day(request: SignedIn, seat: Seat) -> str:
    """Of the first message from a day on; of the end where there is none, or no such day."""
    here, day = reverse("conversation", args=[str(seat.conversation.id)]), search.day(request.GET["on"])
    seq = day and messages.on_day(seat, day)
    return f"{here}?around={seq}#message-{seq}" if seq else here


def page_context(request: SignedIn, seat: Seat, error: ChatError | None = None, content: str = "") -> dict[str, Any]:
    """Everything the conversation's page shows. `error` and `content` bring back a message that was not sent."""
    me, here = request.user.chat_id, str(seat.conversation.id)
    page = _page(request, seat)
    seats = members.seats_shown(me, here)
    others = [one for one in seats if one.user_id != me]
    context = shell(
        request, here, [*(UserId(one.user_id) for one in others), *([seat.partner] if seat.partner else [])]
    )
    known = context["known"]
    view = draw_conversation(seat.conversation, me, seats, known)
    may_write = seat.partner is None or access.may_message(me, seat.partner, seat.conversation.id, known) != policy.NO
    draft = seat.membership.draft
    return context | {
        "conversation": view,
        "arranged": {"id": here, "unread": 0, **arranged(seat.conversation, seat.membership), "marked": False},
        "items": items(page.messages, me, others, seat.membership.read_seq, known, messages.happened(seat, page)),
        "page": page,
        "first_seq": page.messages[0].seq if page.messages else 0,
        "last_seq": page.messages[-1].seq if page.messages else 0,
        "read_seq": seat.membership.read_seq,
        "unread_elsewhere": _unread_elsewhere(context["rows"], page, seat.membership.read_seq),
        "blank": blank(context["me"]),
        "client_id": uuid.uuid4(),
        "can_write": may_write,
        "request_waits": seat.waiting,
        "content": content if error else draft.text if draft else "",
        "draft": draft,
        "scheduled": seat.membership.scheduled or 0,
        "draft_at": iso(draft.updated_at) if draft else "",
        "answered": _answered(request, seat),
        "file_max": settings.FILE_MAX * uploads.MEGABYTE,
        "error": error,
    }


def _answered(request: SignedIn, seat: Seat) -> dict[str, str] | None:
    """What is quoted over the composer: what the address asks for, or a message that was not sent."""
    asked = request.POST.get("reply_to") or request.GET.get("answer")
    with suppress(NotFound):
        found = messages.one(request.user.chat_id, asked) if asked else None
        if found and found.conversation_id == seat.conversation.id and not found.deleted_at:
            return {"id": str(found.id), **msgspec.structs.asdict(quoted(found))}
    return None


def _page(request: SignedIn, seat: Seat) -> Page:
    asked = {name: number(request, name) for name in ("before", "after", "around")}
    for name, seq in asked.items():
        if seq is not None:
            return messages.read_page(seat, **{name: seq})
    page = messages.read_page(seat)
    return _from_first_unread(request.user.chat_id, seat, page) if page.has_before else page


def _from_first_unread(me: UserId, seat: Seat, page: Page) -> Page:
    """The page itself when all that is unread is on it; else one from the first unread message, down as far as fits."""
    unread, read = inbox.unread(me, seat.membership), seat.membership.read_seq
    if _unread_on(page, me, read) >= unread:
        return page
    page = messages.read_page(seat, limit=min(page.head[0] - read + CONTEXT, PAGE_MAX))
    if _unread_on(page, me, read) >= unread:
        return page
    return messages.read_page(seat, around=read + 1, limit=2 * PAGE)


def _unread_elsewhere(rows: Sequence[RowView], page: Page, read_seq: int) -> int:
    """How many messages are unread in the open conversation where the first of them is not on this page; else 0."""
    there = page.messages and page.messages[0].seq <= read_seq + 1 <= page.messages[-1].seq
    return 0 if there else sum(one.unread for one in rows if one.current)


def _unread_on(page: Page, me: UserId, read_seq: int) -> int:
    return sum(one.seq > read_seq and one.sender_id != me and not one.hidden_for for one in page.messages)
