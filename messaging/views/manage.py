"""What the owner and admins of a group decide: how it looks, who may come in, and by which links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chatsite.errors import ChatError, Invalid
from chatsite.images.form import PictureForm
from messaging.forms import InviteForm, LooksForm, refusal
from messaging.services import conversations, groups, invites, pictures
from messaging.services.conversations import group_seat
from messaging.views.panel import part
from messaging.views.shell import SignedIn


@require_safe
@never_cache
@login_required
def manage(request: SignedIn, conversation_id: str) -> HttpResponse:
    """All of it on one page. Members who do not run the group are not let in."""
    return _manage(request, conversation_id)


def _manage(request: SignedIn, conversation_id: str, error: ChatError | None = None, **shown: Any) -> HttpResponse:
    seat = group_seat(request.user.chat_id, conversation_id)
    looks = {"name": seat.conversation.name, "description": seat.conversation.description}
    living = invites.listed(seat.me, seat.conversation.id)
    context: dict[str, Any] = {
        "form": LooksForm(initial=looks),
        "picture_form": PictureForm(),
        "invite_form": InviteForm(),
        "invites": [(one, invites.trouble(one)) for one in living],
        "public": bool(seat.conversation.public),
    }
    return part(request, seat, "manage", context | shown, error)


def _changes(verb: Callable[[SignedIn, str], str]) -> Callable[[SignedIn, str], HttpResponse]:
    """A POST: does it and says so, or shows the page again with the reason why not."""

    @require_POST
    @login_required
    def view(request: SignedIn, conversation_id: str) -> HttpResponse:
        group_seat(request.user.chat_id, conversation_id)
        try:
            done = verb(request, conversation_id)
        except ChatError as error:
            return _manage(request, conversation_id, error)
        toasts.success(request, done)
        return redirect("conversation-manage", conversation_id=conversation_id)

    return view


@require_POST
@login_required
def rename(request: SignedIn, conversation_id: str) -> HttpResponse:
    """The group's name and description; what was typed comes back with the reason where it cannot be."""
    me, form = request.user.chat_id, LooksForm(request.POST)
    group_seat(me, conversation_id)
    try:
        if not form.is_valid():
            return _manage(request, conversation_id, Invalid(_("Look at what is marked.")), form=form)
        conversations.rename(me, conversation_id, form.cleaned_data["name"])
        groups.describe(me, conversation_id, form.cleaned_data["description"])
    except ChatError as error:
        return _manage(request, conversation_id, error, form=form)
    toasts.success(request, _("Saved."))
    return redirect("conversation-manage", conversation_id=conversation_id)


@_changes
def publish(request: SignedIn, conversation_id: str) -> str:
    public = request.POST.get("public") == "1"
    groups.publish(request.user.chat_id, conversation_id, public)
    return _("Everyone can find and join the group now.") if public else _("Nobody else can join by themselves now.")


@_changes
def picture(request: SignedIn, conversation_id: str) -> str:
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        raise refusal(form)
    pictures.put(request.user.chat_id, conversation_id, form.cleaned_data["picture"].read(), form.crop())
    return _("This is the group's picture now.")


@_changes
def unpicture(request: SignedIn, conversation_id: str) -> str:
    pictures.remove(request.user.chat_id, conversation_id)
    return _("The picture has been removed.")


@require_POST
@never_cache
@login_required
def invite(request: SignedIn, conversation_id: str) -> HttpResponse:
    """A new link. It is in this one answer and never again: no redirect, no store."""
    me, form = request.user.chat_id, InviteForm(request.POST)
    group_seat(me, conversation_id)
    if not form.is_valid():
        return _manage(request, conversation_id, Invalid(_("Look at what is marked.")), invite_form=form)
    given = form.cleaned_data
    try:
        _made, secret = invites.make(me, conversation_id, given["seconds"] or None, given["uses"])
    except ChatError as error:
        return _manage(request, conversation_id, error)
    return _manage(request, conversation_id, link=address(request, secret))


@_changes
def revoke(request: SignedIn, conversation_id: str) -> str:
    invites.revoke(request.user.chat_id, conversation_id, request.POST.get("invite", ""))
    return _("The link does not work any more.")


def address(request: SignedIn, secret: str) -> str:
    path = reverse("invite", args=[secret])
    return settings.CHAT_URL + path if settings.CHAT_URL else request.build_absolute_uri(path)
