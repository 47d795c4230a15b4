"""The page of my data: ask for a copy, see how far it is, fetch it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services import exports
from accounts.views.viewer import viewer
from chatsite.errors import Conflict

NAME = "my-data.zip"  # how browsers call what is fetched


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """How far my copy is; asks for one."""
    me = viewer(request).chat_id
    if request.method == "POST":
        try:
            exports.start(me)
        except Conflict as error:
            messages.info(request, error.detail)
        return redirect("data")
    return render(request, "accounts/data.html", {"section": "profile", "export": exports.current(me)})


@login_required
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Throw my copy away, or stop making it."""
    exports.remove(viewer(request).chat_id)
    messages.success(request, _("The copy has been deleted."))
    return redirect("data")


@login_required
@never_cache
@require_safe
def fetch(request: HttpRequest) -> HttpResponseBase:
    """My copy, for me alone."""
    found = exports.ready(viewer(request).chat_id)
    return FileResponse(
        default_storage.open(found.name), as_attachment=True, filename=NAME, content_type="application/zip"
    )
