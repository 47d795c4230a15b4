"""Who is on the other end of a socket, and may a page of this origin open it."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from chatsite.types import UserId

Headers = dict[bytes, bytes]


def headers_of(scope: dict[str, Any]) -> Headers:
    return dict(scope.get("headers", ()))


def may_open(headers: Headers) -> bool:
    """Whether the Origin is exactly this site's own. A browser cannot forge it, and a cookie alone proves nothing.

    A missing Origin is no browser: it may connect, but only with a token or a ticket.
    """
    origin = headers.get(b"origin")
    if origin is None:
        return True
    text = origin.decode("latin-1")
    if settings.CHAT_URL:
        return text == _origin(settings.CHAT_URL)
    host = headers.get(b"host", b"").decode("latin-1")
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS) and text == f"http://{host}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def bearer(headers: Headers) -> str | None:
    """The token of an `Authorization: Bearer …` header."""
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def session_key(headers: Headers) -> str | None:
    """The session cookie, where the handshake came from a page (it carries an Origin)."""
    if b"origin" not in headers:
        return None
    return parse_cookie(headers.get(b"cookie", b"").decode("latin-1")).get(settings.SESSION_COOKIE_NAME)


def is_bare_cookie(headers: Headers) -> bool:
    """A session cookie without an Origin: no browser page sends that, and no other client should have one."""
    cookies = parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))
    return b"origin" not in headers and settings.SESSION_COOKIE_NAME in cookies


def session_user(key: str) -> UserId | None:
    """The active person this session belongs to. Reads the session store and PostgreSQL."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return UserId(str(user.pk)) if user.is_authenticated and user.is_active else None
