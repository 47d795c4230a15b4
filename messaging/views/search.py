from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chatsite.errors import ChatError
from messaging.presentation.hits import hits
from messaging.search.query import QUERY_MAX
from messaging.services import pace, search
from messaging.services.search import Order
from messaging.views.shell import SignedIn, shell


@require_safe
@never_cache
@login_required
def page(request: SignedIn) -> HttpResponse:
    """The field, the filters that were understood, and what was found."""
    context = _found(request)
    return render(request, "messaging/search.html", shell(request, "search") | context, status=context["status"])


@require_safe
@never_cache
@login_required
def results(request: SignedIn) -> HttpResponse:
    """Only what was found, or what went wrong, in words: for a page that asks as one types."""
    return render(request, "messaging/_hits.html", _found(request))


def _found(request: SignedIn) -> dict[str, Any]:
    """Context of the hits. What goes wrong is said there, and what was typed stays."""
    text, order = request.GET.get("q", ""), _order(request)
    context: dict[str, Any] = {"text": text, "order": order, "limit": QUERY_MAX, "status": 200}
    context["orders"] = {one: urlencode({"q": text, "order": one}) for one in ("newest", "best")}
    try:
        pace.searching.take(request.user.chat_id)
        asked = search.ask(request.user.chat_id, text)
        context |= {"asked": asked}
        found = search.find(asked, order, request.GET.get("cursor", ""))
    except ChatError as error:
        return context | {"problem": error, "status": error.status}
    return context | {
        "found": found,
        "hits": hits(found.hits, asked.needles, request.user.chat_id),
        "following": found.next and urlencode({"q": text, "order": order, "cursor": found.next}),
        "further": "cursor" in request.GET,
    }


def _order(request: SignedIn) -> Order:
    return "best" if request.GET.get("order") == "best" else "newest"
