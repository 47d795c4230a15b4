from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chatsite.errors import Invalid
from messaging import access
from messaging.forms import ReadForm
from messaging.services import arrangements, receipts
from messaging.views.shell import SignedIn


@require_POST
@login_required
def read_all(request: SignedIn) -> HttpResponse:
    """Marks everything in all conversations as read."""
    arrangements.read_all(request.user.chat_id)
    return redirect("inbox")


@require_POST
@login_required
def read(request: SignedIn, conversation_id: str) -> HttpResponse:
    """Marks everything up to `seq` as read."""
    seat = access.conversation(request.user.chat_id, conversation_id)
    form = ReadForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Where you read up to is to be a number."))
    receipts.mark(request.user.chat_id, seat.conversation.id, "read", form.cleaned_data["seq"])
    return redirect("conversation", conversation_id=conversation_id)
