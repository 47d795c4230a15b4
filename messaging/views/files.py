"""Files in messages, for those who may have them: asked anew for each request."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.services import tokens
from chatsite.errors import NotFound
from chatsite.types import UserId
from chatsite.web import guarded, ranges
from chatsite.web.sniffing import PLAYED, UNKNOWN
from messaging.services import attachments, filing


@require_safe
def whole(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A file as it was sent. A browser plays sounds and films, and saves everything else: nothing of it is opened here,
    whatever it is."""
    upload = attachments.opened(_me(request), key)
    played = upload.type in PLAYED
    response = _sent(request, filing.whole(upload.bytes_key), upload.size, f'"{key}"')
    response["Content-Type"] = upload.type if played else UNKNOWN
    response["Content-Disposition"] = content_disposition_header(not played, upload.name) or "attachment"
    return response


@require_safe
def shown(request: HttpRequest, key: str, size: int) -> HttpResponseBase:
    """A picture made of one that was sent: nothing but its pixels."""
    upload = attachments.opened(_me(request), key)
    if upload.width is None or size not in filing.SIZES:
        raise NotFound(_("There is no such picture."))
    name = filing.smaller(upload.bytes_key, size)
    response = _sent(request, name, attachments.length(name), f'"{key}-{size}"')
    response["Content-Type"] = "image/webp"
    return response


def _sent(request: HttpRequest, name: str, size: int, etag: str) -> HttpResponseBase:
    response: HttpResponseBase | None = guarded.handed_over(name)
    if response is None and request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304, headers={"ETag": etag})
    return guarded.guard(response or ranges.answer(request, partial(attachments.read, name), size, etag))


def _me(request: HttpRequest) -> UserId:
    """For whoever is not signed in there is nothing here."""
    user = tokens.caller(request)
    if user is None:
        raise NotFound(_("There is no such file."))
    return user.chat_id
