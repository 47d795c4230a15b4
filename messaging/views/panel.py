"""The panel about a conversation: one part at a time, as a page or, for a script, by itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chatsite.errors import ChatError
from messaging import access
from messaging.access import Seat
from messaging.presentation import shelves as views
from messaging.presentation.conversation import conversation as draw_conversation
from messaging.presentation.rows import arranged
from messaging.services import members, shelves
from messaging.services.shelves import Shelf
from messaging.views.conversation import page_context
from messaging.views.shell import SignedIn

MEMBERS_SHOWN = 100


def part(
    request: SignedIn, seat: Seat, name: str, context: dict[str, Any], error: ChatError | None = None
) -> HttpResponse:
    """One part of the panel: "about", "files", "links", "pins" or "manage"."""
    fetched = "X-Requested-With" in request.headers
    around = _alone(seat) if fetched else page_context(request, seat)
    template = "messaging/_details.html" if fetched else "messaging/details.html"
    told = {"part": name, "part_template": f"messaging/_details_{name}.html", "parts": _parts(seat), "problem": error}
    return render(request, template, around | told | context, status=error.status if error else 200)


def _alone(seat: Seat) -> dict[str, Any]:
    """What the panel needs of the page around it, where that is there already."""
    seats = members.seats_shown(seat.me, seat.conversation.id)
    return {
        "conversation": draw_conversation(seat.conversation, seat.me, seats),
        "arranged": {"id": str(seat.conversation.id), **arranged(seat.conversation, seat.membership)},
    }


def _parts(seat: Seat) -> list[tuple[str, str, str]]:
    """The tabs: name, words and address."""
    here = [str(seat.conversation.id)]
    runs = seat.conversation.type == "group" and seat.membership.role in ("owner", "admin")
    return [
        ("about", _("About"), reverse("conversation-details", args=here)),
        ("files", _("Files"), reverse("conversation-files", args=here)),
        ("links", _("Links"), reverse("conversation-links", args=here)),
        ("pins", _("Pinned"), reverse("conversation-pins", args=here)),
        *([("manage", _("Manage"), reverse("conversation-manage", args=here))] if runs else []),
    ]


@require_safe
@never_cache
@login_required
def files(request: SignedIn, conversation_id: str) -> HttpResponse:
    return _shelf(request, conversation_id, "files")


@require_safe
@never_cache
@login_required
def links(request: SignedIn, conversation_id: str) -> HttpResponse:
    return _shelf(request, conversation_id, "links")


@require_safe
@never_cache
@login_required
def pins(request: SignedIn, conversation_id: str) -> HttpResponse:
    return _shelf(request, conversation_id, "pins")


def _shelf(request: SignedIn, conversation_id: str, name: str) -> HttpResponse:
    seat, cursor = access.conversation(request.user.chat_id, conversation_id), request.GET.get("cursor", "")
    try:
        found = _taken(seat, name, cursor)
    except ChatError as error:
        return part(request, seat, name, {}, error)
    drawn = {"files": views.files, "links": views.links, "pins": views.pins}[name](found.messages, seat.me)
    return part(request, seat, name, {"shelf": found, "shown": drawn, "further": bool(cursor)})


def _taken(seat: Seat, name: str, cursor: str) -> Shelf:
    if name == "pins":
        return shelves.pins(seat.me, seat.conversation.id, cursor)
    return shelves.having(seat.me, seat.conversation.id, "file" if name == "files" else "link", cursor)
