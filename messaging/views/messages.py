from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chatsite.errors import ChatError, Invalid, NotFound
from chatsite.types import UserId
from messaging import access
from messaging.access import Seat
from messaging.documents import Message, Upload
from messaging.forms import MessageForm, refusal
from messaging.presentation.timeline import draw_page
from messaging.services import drafts, members, messages, pace, receipts, threads, uploads
from messaging.services.messages import Sent
from messaging.views.conversation import page_context
from messaging.views.shell import SignedIn, number
from messaging.views.threads import thread_context


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def log(request: SignedIn, conversation_id: str) -> HttpResponse:
    """GET: messages as HTML, `?before` or `?after` a `seq`. POST: sends one, the way that works without script."""
    seat = access.conversation(request.user.chat_id, conversation_id)
    return _send(request, seat) if request.method == "POST" else _fragment(request, seat)


def _fragment(request: SignedIn, seat: Seat) -> HttpResponse:
    me = request.user.chat_id
    after = number(request, "after")
    page = messages.read_page(seat, before=number(request, "before"), after=after)
    others = [one for one in members.seats_shown(me, seat.conversation.id) if one.user_id != me]
    headers = {
        "X-Has-Before": str(int(page.has_before)),
        "X-Has-After": str(int(page.has_after)),
        "X-Rev": str(page.head[1]),  # for those who ask because no socket gets through: is there a change to fetch?
    }
    return HttpResponse(draw_page(page.messages, me, others, messages.happened(seat, page, after)), headers=headers)


def _send(request: SignedIn, seat: Seat) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    files: list[Upload] = []
    try:
        if request.POST.get("at"):  # Enter in the field for the time presses the button that sends
            raise Invalid(_("A time was chosen: press “Schedule” to send it then, or leave the time empty."))
        pace.writing.take(seat.me)
        gather(request, seat, form, files)
        _say(request.user.chat_id, seat, form, files)
    except ChatError as error:  # what was written comes back with the reason, ready to be sent again
        return _again(request, seat, error, files)
    if thread_id := form.cleaned_data["thread_id"]:
        return redirect("thread", str(seat.conversation.id), thread_id)
    return redirect("conversation", conversation_id=str(seat.conversation.id))


def gather(request: SignedIn, seat: Seat, form: MessageForm, files: list[Upload]) -> None:
    """Checks what was written, and adds to `files` what goes with it: as far as it came, where something is refused."""
    if not form.is_valid():
        raise refusal(form)
    files += [uploads.mine(seat.me, one) for one in form.cleaned_data["attachments"]]
    for file in request.FILES.getlist("files"):
        files.append(uploads.take(seat.me, seat, file))  # noqa: PERF401  what came before a refusal stays


def _again(request: SignedIn, seat: Seat, error: ChatError, files: list[Upload]) -> HttpResponse:
    content, root = request.POST.get("content", ""), _root(request, seat)
    if root is not None:
        context = thread_context(request, seat, root, error, content) | {"thread_attached": files}
        return render(request, "messaging/thread.html", context, status=error.status)
    context = page_context(request, seat, error, content) | {"attached": files}
    return render(request, "messaging/conversation.html", context, status=error.status)


def _root(request: SignedIn, seat: Seat) -> Message | None:
    """The message that begins the thread in which this was to be said, if there is one."""
    try:
        found = threads.root(request.user.chat_id, request.POST.get("thread_id", ""))
    except NotFound:
        return None
    return found if found.conversation_id == seat.conversation.id else None


def _say(me: UserId, seat: Seat, form: MessageForm, files: list[Upload]) -> Sent:
    here, given, ids = seat.conversation.id, form.cleaned_data, [one.id for one in files]
    where = (given["reply_to"] or None, ids, given["thread_id"] or None)
    sent = messages.send(me, here, given["client_id"], given["content"], *where)
    if not sent.created and not _same(sent.message, given["content"], files):
        # A page brought back by the browser's history still has the id of what was sent from it before.
        sent = messages.send(me, here, uuid.uuid4(), given["content"], *where)
    if not given["thread_id"]:
        drafts.sent(me, here)
    if given["seen"]:
        receipts.mark(me, here, "read", given["seen"])
    return sent


def _same(message: Message, content: str, files: list[Upload]) -> bool:
    """Whether this was sent before: the same words, and files of the same name and size."""
    sent = [(one.name, one.size) for one in message.attachments]
    return message.content == content and sent == [(one.name, one.size) for one in files]
