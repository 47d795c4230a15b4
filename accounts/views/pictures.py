"""Pictures of people: the form for one's own, and the address where each is shown."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.services import avatars, tokens
from accounts.views.profile import page
from accounts.views.viewer import viewer
from chatsite.errors import ChatError, NotFound
from chatsite.images.form import PictureForm
from chatsite.web import guarded


@login_required
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Take an upload as my picture."""
    form = PictureForm(request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            avatars.put(viewer(request).chat_id, form.cleaned_data["picture"].read(), form.crop())
        except ChatError as error:
            form.add_error("picture", error.detail)
            status = error.status
        else:
            messages.success(request, _("This is your picture now."))
            return redirect("profile")
    return page(request, status=status, picture_form=form)


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Have letters instead of a picture."""
    avatars.remove(viewer(request).chat_id)
    messages.success(request, _("Your picture has been removed."))
    return redirect("profile")


@require_safe
def show(request: HttpRequest, key: str, size: int) -> HttpResponseBase:
    """A picture, for those who may see whose it is; for everybody else there is none."""
    name = avatars.name(_me(request).chat_id, key, size)
    return guarded.picture(request, name, f'"{key}-{size}"')


def _me(request: HttpRequest) -> User:
    """Nobody but who is signed in sees anybody."""
    user = tokens.caller(request)
    if user is None:
        raise NotFound(_("There is no such picture."))
    return user
