"""From anywhere to anything by a few letters, and the keys that lead there."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.services import people
from accounts.services.people import Card
from chatsite.errors import ChatError
from messaging.presentation import palette as presentation
from messaging.presentation.hits import HitView, hits
from messaging.presentation.rows import RowView
from messaging.search.query import QUERY_MAX
from messaging.services import pace, search
from messaging.views.shell import SignedIn, shell

ROWS, PEOPLE, HITS = 6, 4, 4  # shown at once
WORTH_SEARCHING = 2  # characters; by fewer nearly everything is found


@require_safe
@never_cache
@login_required
def results(request: SignedIn) -> HttpResponse:
    """What `?q` may mean: conversations, people, messages and things to do. Without it, where one was last."""
    text = request.GET.get("q", "").strip()[:QUERY_MAX]
    context = shell(request)
    rows: list[RowView] = context["rows"]
    return render(
        request,
        "messaging/_palette.html",
        context
        | {
            "shown_rows": rows[:ROWS],
            "people": _people(request, text, rows),
            "hits": _hits(request, text),
            "actions": presentation.actions(text, staff=request.user.is_staff),
        },
    )


@require_safe
@login_required
def shortcuts(request: SignedIn) -> HttpResponse:
    """The keys and what they do."""
    return render(request, "messaging/shortcuts.html")


def _people(request: SignedIn, text: str, rows: list[RowView]) -> list[Card]:
    """Those one has no conversation with yet: the others stand there already."""
    if not text:
        return []
    known = {row.partner_id for row in rows}
    found = people.search(request.user.chat_id, text, PEOPLE + len(known))
    return [card for card in found if card.id not in known][:PEOPLE]


def _hits(request: SignedIn, text: str) -> list[HitView]:
    """The newest messages with these words; none where there is no searching now: the rest stands for itself."""
    if len(text) < WORTH_SEARCHING:
        return []
    me: Any = request.user.chat_id
    try:
        pace.searching.take(me)
        asked = search.ask(me, text)
        found = search.find(asked, "newest", "")
    except ChatError:
        return []
    return hits(found.hits[:HITS], asked.needles, me)
