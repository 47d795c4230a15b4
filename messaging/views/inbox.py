from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.views.shell import SignedIn, shell


@require_safe
@never_cache
@login_required
def inbox(request: SignedIn) -> HttpResponse:
    """The list of conversations, and beside it the invitation to open one."""
    return render(request, "messaging/inbox.html", shell(request) | {"heading": True})


@require_safe
@never_cache
@login_required
def sidebar(request: SignedIn) -> HttpResponse:
    """Only the rows: for pages that learn of a conversation they do not have."""
    return render(request, "messaging/_rows.html", shell(request))
