"""Finding people, and what two of them are to each other."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.forms.people import RelationshipForm
from accounts.services import faces, people, profiles, relationships
from accounts.views.viewer import viewer
from chatsite.errors import Invalid

PAGE = 50  # people
DONE = {
    "request": _("Your request has been sent."),
    "accept": _("You are friends now."),
    "reject": _("The request is gone. Nobody is told."),
    "cancel": _("Your request has been taken back."),
    "unfriend": _("You are no longer friends."),
    "block": _("Blocked. They are not told."),
    "unblock": _("Unblocked."),
}


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Search, and without one: requests, friends, everyone."""
    me, q = viewer(request).chat_id, request.GET.get("q", "").strip()
    after = people.position(request.GET.get("after", ""))
    found = people.find(me, q, PAGE, after)
    context = {"section": "people", "q": q, "everyone": found.cards, "next": found.next, "first": after is None}
    if not q and after is None:
        lists = {
            "asking": relationships.requests_to(me),
            "friends": relationships.friends(me),
            "asked": relationships.requests_from(me),
            "blocked": relationships.blocked(me),
        }
        cards = faces.cards(me, (user for ids in lists.values() for user in ids))
        context |= {name: [cards[user] for user in ids if cards[user].username] for name, ids in lists.items()}
        context["everyone"] = [card for card in found.cards if card.id not in cards]
    return render(request, "accounts/people.html", context)


@login_required
@require_GET
def show(request: HttpRequest, username: str) -> HttpResponse:
    """One person's page. To someone with a block between them it shows the name and no more."""
    me = viewer(request)
    person = access.person(me.chat_id, username)
    context = {
        "section": "profile" if person == me else "people",
        "person": person,
        "card": faces.card(me.chat_id, person.chat_id),
        "about": profiles.about(me.chat_id, person.chat_id),
        "standing": "self" if person == me else relationships.standing(me.chat_id, person.chat_id),
    }
    return render(request, "accounts/person.html", context)


@login_required
@require_POST
def relate(request: HttpRequest, username: str) -> HttpResponse:
    """Ask, accept, reject, cancel, unfriend, block or unblock; back to where the button was."""
    me = viewer(request).chat_id
    person = access.person(me, username)
    form = RelationshipForm(request.POST)
    if not form.is_valid():
        raise Invalid(str(_("There is no such action.")))
    action = form.cleaned_data["action"]
    getattr(relationships, action)(me, person.chat_id)
    messages.success(request, DONE[action])
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back) if safe else redirect("person", person.username)
