"""What all messaging pages have around them: the list of conversations and the viewer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from accounts import policy
from accounts.models import User
from accounts.services import facts, people
from chatsite.clock import now
from chatsite.types import UserId
from messaging.presentation.rows import partner, rows
from messaging.services import inbox


class SignedIn(HttpRequest):
    """A request behind `login_required`."""

    user: User
    my: dict[str, Any]  # what they have set: see accounts.middleware


def shell(request: SignedIn, current: str = "", others: Iterable[UserId] = ()) -> dict[str, Any]:
    """Template context of the list: `rows`, `requests` (that wait for a yes), `archived` (of which `silent` do
    not come back by themselves), `blocked` (whom the viewer blocks), `me`, and the search `q` that narrows the rows.
    `known` are the facts between the viewer and everyone there, and `others` as well: asked for once."""
    me = request.user.chat_id
    q = request.GET.get("q", "").strip() if not current else ""
    lists = inbox.lists(me)
    partners = {one for row in lists.rows if (one := partner(row.conversation, me))}
    known = facts.of(me, {*partners, *others} - {me})
    return {
        "known": known,
        "rows": rows(lists.rows, me, current, q, known),
        "requests": lists.requests,
        "archived": lists.archived,
        "silent": [one.conversation.id for one in lists.archived if one.membership.muted(now())],
        "blocked": sorted(policy.blocking([me])[me]),
        "me": people.card(me),
        "q": q,
    }


def number(request: HttpRequest, name: str) -> int | None:
    """A place in the log from the address; None where it is missing or no number."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
