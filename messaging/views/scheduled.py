from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.services import settings
from chatsite.clock import iso
from chatsite.errors import ChatError, Invalid
from messaging import access
from messaging.documents import Upload
from messaging.forms import MessageForm
from messaging.presentation.plans import plans
from messaging.services import drafts, pace, scheduling
from messaging.views.conversation import page_context
from messaging.views.messages import gather
from messaging.views.shell import SignedIn, shell

MORNING = 9  # o'clock
HOUR = timedelta(hours=1)


@require_safe
@never_cache
@login_required
def index(request: SignedIn) -> HttpResponse:
    """What waits for its time, soonest first."""
    return _index(request)


def _index(request: SignedIn, error: ChatError | None = None, about: str = "", content: str = "") -> HttpResponse:
    """`error`, `about` one of them, brings back the `content` that was not taken."""
    me = request.user.chat_id
    found = scheduling.mine(me)
    shown = plans(found, scheduling.files_of(found), access.conversations_of(me), me)
    context = {"plans": shown, "problem": error, "about": about, "content": content, "zone": _zone(request).key}
    return render(
        request,
        "messaging/scheduled.html",
        shell(request, "scheduled") | context,
        status=error.status if error else 200,
    )


@require_POST
@login_required
def schedule(request: SignedIn, conversation_id: str) -> HttpResponse:
    """What stands in the composer goes out later. Scripts get JSON, everybody else the page."""
    seat = access.conversation(request.user.chat_id, conversation_id)
    form, files = MessageForm(request.POST, request.FILES), list[Upload]()
    quiet = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    try:
        pace.writing.take(seat.me)
        gather(request, seat, form, files)
        given, due = form.cleaned_data, due_at(request)
        what = (given["client_id"], given["content"], due, given["reply_to"] or None, [one.id for one in files])
        made = scheduling.schedule(seat.me, seat.conversation.id, *what)
    except ChatError as error:
        if quiet:
            return JsonResponse({"code": error.code, "detail": error.detail}, status=error.status)
        context = page_context(request, seat, error, request.POST.get("content", "")) | {"attached": files}
        return render(request, "messaging/conversation.html", context, status=error.status)
    drafts.sent(seat.me, seat.conversation.id)
    local = timezone.localtime(made.due_at, _zone(request))
    words = _("Scheduled for %(when)s.") % {"when": date_format(local, "l, j F, H:i")}
    if quiet:
        return JsonResponse({"due_at": iso(made.due_at), "words": words}, status=201)
    toasts.success(request, words)
    return redirect("conversation", conversation_id=conversation_id)


def due_at(request: SignedIn) -> datetime:
    """The time that was chosen, by the person's clock. Raises Invalid."""
    when, here = request.POST.get("when", ""), timezone.localtime(timezone=_zone(request))
    if when == "hour":
        return here + HOUR
    if when == "tomorrow":
        return (here + timedelta(days=1)).replace(hour=MORNING, minute=0)
    try:
        return datetime.fromisoformat(request.POST.get("at", "")).replace(tzinfo=_zone(request))
    except ValueError:
        words = _("Choose a date and a time.")
        raise Invalid(words, fields={"due_at": [words]}) from None


def _zone(request: SignedIn) -> ZoneInfo:
    """The one they chose in their settings, else that of their device, where it says."""
    chosen, device = request.my["time_zone"], request.POST.get("zone", "")
    if chosen == settings.AUTOMATIC and device in available_timezones():
        return ZoneInfo(device)
    return ZoneInfo(timezone.get_current_timezone_name())


def _changes(verb: Callable[[SignedIn, str], str]) -> Callable[[SignedIn, str], HttpResponse]:
    """A POST about one of them: does it and says so, or shows the list with the reason why not."""

    @require_POST
    @login_required
    def view(request: SignedIn, scheduled_id: str) -> HttpResponse:
        try:
            pace.writing.take(request.user.chat_id)
            done = verb(request, scheduled_id)
        except ChatError as error:
            return _index(request, error, scheduled_id, request.POST.get("content", ""))
        toasts.success(request, done)
        return redirect("scheduled")

    return view


@_changes
def change(request: SignedIn, scheduled_id: str) -> str:
    content = request.POST.get("content", "").replace("\r\n", "\n")
    scheduling.change(request.user.chat_id, scheduled_id, content if content.strip() else "", due_at(request))
    return _("Changed.")


@_changes
def send(request: SignedIn, scheduled_id: str) -> str:
    scheduling.send_now(request.user.chat_id, scheduled_id)
    return _("Sent.")


@_changes
def cancel(request: SignedIn, scheduled_id: str) -> str:
    scheduling.cancel(request.user.chat_id, scheduled_id)
    return _("This message will not be sent.")
