"""Files in messages, for those who may have them: asked anew for each request."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.services import tokens
from chatsite.errors import NotFound
from chatsite.types import UserId
from chatsite.web import ranges
from chatsite.web.sniffing import PLAYED, UNKNOWN
from messaging.services import attachments, filing

KEPT = 60 * 60  # seconds a browser shows a file without asking again whether it still may
POLICY = "default-src 'none'; sandbox"


@require_safe
def whole(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A file as it was sent. A browser plays sounds and films, and saves everything else: nothing of it is opened here,
    whatever it is."""
    upload = attachments.opened(_me(request), key)
    played = upload.type in PLAYED
    response = _sent(request, filing.whole(key), upload.size, f'"{key}"')
    response["Content-Type"] = upload.type if played else UNKNOWN
    response["Content-Disposition"] = content_disposition_header(not played, upload.name) or "attachment"
    return response


@require_safe
def shown(request: HttpRequest, key: str, size: int) -> HttpResponseBase:
    """A picture made of one that was sent: nothing but its pixels."""
    upload = attachments.opened(_me(request), key)
    if upload.width is None or size not in filing.SIZES:
        raise NotFound(_("There is no such picture."))
    name = filing.smaller(key, size)
    response = _sent(request, name, attachments.length(name), f'"{key}-{size}"')
    response["Content-Type"] = "image/webp"
    return response


def _sent(request: HttpRequest, name: str, size: int, etag: str) -> HttpResponseBase:
    if settings.MEDIA_ACCEL:
        response: HttpResponseBase = HttpResponse(headers={"X-Accel-Redirect": quote(f"{settings.MEDIA_ACCEL}{name}")})
    elif request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304, headers={"ETag": etag})
    else:
        response = ranges.answer(request, partial(attachments.read, name), size, etag)
    response["Cache-Control"] = f"private, max-age={KEPT}, must-revalidate"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _me(request: HttpRequest) -> UserId:
    """Who asks: the browser's session, or a client's access token. For everybody else there is nothing here."""
    if isinstance(request.user, User):
        return request.user.chat_id
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotFound(_("There is no such file."))
    return tokens.authenticate(text.strip()).chat_id
