from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.profile import ProfileForm
from accounts.services import people, profiles
from accounts.views.viewer import viewer
from chatsite.images.form import PictureForm


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """My own profile: my picture, the name shown to others, a few words about me."""
    me = viewer(request)
    form = ProfileForm(request.POST or None, instance=profiles.profile(me.chat_id))
    if request.method == "POST" and form.is_valid():
        profiles.update(me.chat_id, **form.cleaned_data)
        messages.success(request, _("Your profile has been saved."))
        return redirect("profile")
    return page(request, form=form)


def page(
    request: HttpRequest,
    *,
    status: int = 200,
    form: ProfileForm | None = None,
    picture_form: PictureForm | None = None,
) -> HttpResponse:
    """The page of my profile, with whichever form has something to say."""
    me = viewer(request).chat_id
    context = {
        "section": "profile",
        "form": form or ProfileForm(instance=profiles.profile(me)),
        "picture_form": picture_form or PictureForm(),
        "card": people.card(me),
    }
    return render(request, "accounts/profile.html", context, status=status)
