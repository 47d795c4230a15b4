"""The answer where code of ours failed. What happened stands in the log, and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from chatsite.errors import Unavailable

API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """A page to who looks at pages, and to clients the one shape of errors: for them it is as when a database is away,
    as nothing is known to be stored."""
    if not request.path_info.startswith(API):
        return defaults.server_error(request)
    detail = _("Something went wrong on our side. It has been written to the log.")
    return JsonResponse({"code": Unavailable.code, "detail": detail}, status=500)
