from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services import people
from accounts.services.people import Card
from chatsite.errors import Forbidden, Invalid, NotFound
from chatsite.types import UserId, user_id
from messaging.documents import Conversation
from messaging.forms import StartForm
from messaging.services import conversations
from messaging.views.shell import SignedIn, shell

FOUND = 30  # people listed at once


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new(request: SignedIn) -> HttpResponse:
    """Choose people, by search; one opens a private conversation, several make a group. Searching keeps the choice."""
    form = StartForm(request.POST) if request.method == "POST" else StartForm(initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        try:
            return redirect("conversation", conversation_id=str(_start(request, form).id))
        except (Forbidden, Invalid, NotFound) as error:
            form.add_error("who" if "name" not in (error.fields or {}) else "name", error.detail)
    given = request.POST if form.is_bound else request.GET
    context = shell(request, "new") | choice(request, given.getlist("who"), given.get("q", "")) | {"form": form}
    return render(request, "messaging/new.html", context, status=400 if form.is_bound else 200)


def choice(request: SignedIn, chosen: list[str], search: str, without: set[str] | None = None) -> dict[str, object]:
    """Context of the people to choose from: those `chosen` already, those `found` now, and the search `people_q`."""
    me = request.user.chat_id
    picked = _cards(chosen)
    ids = {card.id for card in picked} | {UserId(one) for one in without or ()}
    found = [card for card in people.search(me, search, FOUND) if card.id not in ids]
    return {"chosen": picked, "found": found, "people_q": search, "limit": FOUND}


def _cards(ids: list[str]) -> list[Card]:
    known: list[UserId] = []
    for one in dict.fromkeys(ids):
        try:
            known.append(user_id(one))
        except NotFound:  # an address somebody typed: nobody to show
            continue
    return list(people.cards(known).values())


def _start(request: SignedIn, form: StartForm) -> Conversation:
    me, who, name = request.user.chat_id, form.cleaned_data["who"], form.cleaned_data["name"]
    if len(who) == 1 and not name:
        return conversations.start_private(me, who[0])[0]
    return conversations.create_group(me, name, who, public=form.cleaned_data["public"])
