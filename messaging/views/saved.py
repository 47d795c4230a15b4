from __future__ import annotations

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging.presentation.hits import hits
from messaging.services import pace, saving
from messaging.views.shell import SignedIn, shell


@require_safe
@never_cache
@login_required
def index(request: SignedIn) -> HttpResponse:
    """What one has saved, last saved first."""
    me, cursor = request.user.chat_id, request.GET.get("cursor", "")
    page = saving.page(me, cursor)
    shown = list(zip(page.kept, hits(page.kept, [], me), strict=True))
    return render(
        request, "messaging/saved.html", shell(request, "saved") | {"kept": shown, "next": page.next, "cursor": cursor}
    )


@require_POST
@login_required
def save(request: SignedIn, message_id: str) -> HttpResponse:
    """Keeps a message at hand."""
    pace.writing.take(request.user.chat_id)
    saving.save(request.user.chat_id, message_id)
    toasts.success(request, _("Saved. You find it under “Saved messages”."))
    return redirect("message", message_id=message_id)


@require_POST
@login_required
def drop(request: SignedIn, message_id: str) -> HttpResponse:
    """Keeps it no longer."""
    pace.writing.take(request.user.chat_id)
    saving.drop(request.user.chat_id, message_id)
    toasts.success(request, _("Removed from your saved messages."))
    return redirect("saved")
