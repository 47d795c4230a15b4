from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notifications import presentation
from notifications.services import inbox, reading
from notifications.views.viewer import SignedIn


@require_safe
@never_cache
@login_required
def index(request: SignedIn) -> HttpResponse:
    """My notifications, newest first; `?before` continues after a page."""
    before = request.GET.get("before") or None
    page = inbox.page(request.user.chat_id, before)
    drawn = [presentation.draw(one) for one in presentation.data(page.notifications)]
    context = {"section": "notifications", "notifications": drawn, "next": page.next, "first": before is None}
    return render(request, "notifications/list.html", context)


@require_safe
@never_cache
@login_required
def show(request: SignedIn, notification_id: str) -> HttpResponse:
    """On to what a notification is about; it is read thereby."""
    found = reading.open_one(request.user.chat_id, notification_id)
    return redirect(presentation.data([found])[0].url)


@require_POST
@login_required
def read(request: SignedIn) -> HttpResponse:
    """Marks the notifications named by `id` as read, or all of them."""
    reading.mark(request.user.chat_id, request.POST.getlist("id") or None)
    return redirect("notifications")
