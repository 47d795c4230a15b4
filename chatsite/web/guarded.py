"""Files that not everybody may have: looked after by the browser, and sent by a front proxy where there is one."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from chatsite.images import keeping

KEPT = 60 * 60  # seconds a browser shows a file without asking again whether it still may
POLICY = "default-src 'none'; sandbox"


def handed_over(name: str) -> HttpResponse | None:
    """Lets the front proxy send the file that is stored under this name; None where none does."""
    if not settings.MEDIA_ACCEL:
        return None
    return HttpResponse(headers={"X-Accel-Redirect": quote(f"{settings.MEDIA_ACCEL}{name}")})


def picture(request: HttpRequest, name: str, etag: str) -> HttpResponseBase:
    """The square picture that is stored under this name. Raises NotFound."""
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = handed_over(name) or HttpResponse(keeping.read(name))
        response["Content-Type"] = "image/webp"
    response["ETag"] = etag
    return guard(response)


def guard(response: HttpResponseBase) -> HttpResponseBase:
    """Only for whoever asked, on our own pages, and never run."""
    response["Cache-Control"] = f"private, max-age={KEPT}, must-revalidate"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
