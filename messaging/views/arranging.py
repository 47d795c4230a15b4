"""Muting, pinning, archiving and marking unread, with a form; and what was archived."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from messaging import access
from messaging.forms import ArrangementForm, refusal
from messaging.presentation.rows import rows
from messaging.services import arrangements, inbox
from messaging.views.shell import SignedIn, shell


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def arrange(request: SignedIn, conversation_id: str) -> HttpResponse:
    """GET: what one can do with a conversation in one's list. POST: does it; a script that asked gets no page."""
    me = request.user.chat_id
    seat = access.conversation(me, conversation_id)
    if request.method != "POST":
        (row,) = rows([inbox.row(seat)], me)
        return render(request, "messaging/arrange.html", shell(request, conversation_id) | {"arranged": row})
    form = ArrangementForm(request.POST)
    if not form.is_valid():
        raise refusal(form)
    arrangements.arrange(me, conversation_id, form.wish())
    if request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    onward = request.POST.get("next", "")
    return redirect(onward if url_has_allowed_host_and_scheme(onward, {request.get_host()}) else "inbox")


@require_safe
@never_cache
@login_required
def archive(request: SignedIn) -> HttpResponse:
    """The conversations that were taken out of the list."""
    context = shell(request, "archive")
    shown = rows(context["archived"], request.user.chat_id)
    return render(request, "messaging/archive.html", context | {"put_away": shown, "on_archive": True})
