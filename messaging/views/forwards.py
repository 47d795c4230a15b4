from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services import people
from accounts.services.people import Card
from chatsite.errors import ChatError, Conflict
from messaging.documents import Message
from messaging.presentation.rows import RowView
from messaging.services import forwarding, messages
from messaging.services.forwarding import Outcome
from messaging.views.shell import SignedIn, shell

FOUND = 8  # people listed at once


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def forward(request: SignedIn, message_id: str) -> HttpResponse:
    """Choose where a message is passed on to, by search. Searching keeps the choice."""
    message = messages.one(request.user.chat_id, message_id)
    if request.method != "POST":
        return render(request, "messaging/forward.html", _context(request, message))
    try:
        given = request.POST
        outcomes = forwarding.forward(
            request.user.chat_id, message_id, given.get("client_id", ""), given.getlist("place"), given.getlist("who")
        )
        _check(outcomes)
    except ChatError as error:
        return render(request, "messaging/forward.html", _context(request, message, error), status=error.status)
    if request.headers.get("X-Requested-With") != "XMLHttpRequest":  # scripts say it themselves, where one is
        toasts.success(request, said(len(outcomes)))
    sent = outcomes[0].sent
    return redirect("conversation", conversation_id=str(sent.message.conversation_id if sent else ""))


def said(count: int) -> str:
    return ngettext("Forwarded.", "Forwarded to %(count)d conversations.", count) % {"count": count}


def _check(outcomes: list[Outcome]) -> None:
    """Raises Conflict where it did not get everywhere: the form says so, and sending it again does no harm."""
    refused = [one.refusal for one in outcomes if one.refusal]
    if len(refused) == len(outcomes) == 1:
        raise refused[0]
    if refused:
        words = _("Not everybody could be reached (%(count)d): %(why)s")
        raise Conflict(words % {"count": len(refused), "why": refused[0].detail})


def _context(request: SignedIn, message: Message, error: ChatError | None = None) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else request.GET
    context, q = shell(request, "forward"), given.get("q", "").strip()
    places, who = set(given.getlist("place")), given.getlist("who")
    rows: list[RowView] = context["rows"]
    chosen = [row for row in rows if row.id in places]
    found = [row for row in rows if row.id not in places and q.casefold() in row.title.casefold()]
    return context | {
        "message": message,
        "author": people.card(_author(message)),
        "preview": messages.preview(message),
        "client_id": given.get("client_id") or uuid.uuid4(),
        "chosen_rows": chosen,
        "found_rows": found,
        "chosen_people": [card for card in _cards(who) if card.username],
        "found_people": _strangers(request, q, rows, set(who)),
        "forward_q": q,
        "problem": error,
    }


def _author(message: Message) -> Any:
    return message.forwarded.author_id if message.forwarded else message.sender_id


def _strangers(request: SignedIn, q: str, rows: list[RowView], chosen: set[str]) -> list[Card]:
    """People one has no conversation with yet, once somebody searches."""
    if not q:
        return []
    known = {row.partner_id for row in rows} | chosen
    found = people.search(request.user.chat_id, q, FOUND + len(known))
    return [card for card in found if card.id not in known][:FOUND]


def _cards(ids: list[str]) -> list[Card]:
    known = []
    for one in dict.fromkeys(ids):
        try:
            known.append(str(uuid.UUID(one)))
        except ValueError:  # an address somebody typed
            continue
    return list(people.cards(known).values())  # type: ignore[arg-type]
