"""Files that not everybody may have: looked after by the browser, and sent by a front proxy where there is one."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase

KEPT = 60 * 60  # seconds a browser shows a file without asking again whether it still may
POLICY = "default-src 'none'; sandbox"


def handed_over(name: str) -> HttpResponse | None:
    """Lets the front proxy send the file that is stored under this name; None where none does."""
    if not settings.MEDIA_ACCEL:
        return None
    return HttpResponse(headers={"X-Accel-Redirect": quote(f"{settings.MEDIA_ACCEL}{name}")})


def guard(response: HttpResponseBase) -> HttpResponseBase:
    """Only for whoever asked, on our own pages, and never run."""
    response["Cache-Control"] = f"private, max-age={KEPT}, must-revalidate"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
