"""Who is on the other end of a socket, and may a page of this origin open it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import caches
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.crypto import constant_time_compare

from chatsite.postgres.scope import as_auth
from chatsite.realtime.lately import Lately
from chatsite.realtime.loader import Loader
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


@as_auth()
def session_users(keys: Sequence[str]) -> dict[str, UserId | None]:
    """The active person that each of these sessions belongs to. One question to Redis and one to PostgreSQL for all."""
    sessions = _sessions(keys)
    wanted = {session[SESSION_KEY] for session in sessions.values() if SESSION_KEY in session}
    people = {str(one.pk): one for one in get_user_model()._default_manager.filter(pk__in=wanted, is_active=True)}
    return {key: _proven(sessions[key], people) for key in keys}


def _sessions(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What is in these sessions, from the cache where it is there, else from the store."""
    kind = import_module(settings.SESSION_ENGINE).SessionStore
    stores = {key: kind(key) for key in keys if key.isalnum()}
    cached = caches[settings.SESSION_CACHE_ALIAS].get_many([store.cache_key for store in stores.values()])
    return {key: cached.get(stores[key].cache_key) or stores[key].load() if key in stores else {} for key in keys}


def _proven(session: dict[str, Any], people: Mapping[str, AbstractBaseUser]) -> UserId | None:
    """As `django.contrib.auth.get_user`: a new password ends the sessions that were begun with the old one."""
    user = people.get(session.get(SESSION_KEY, ""))
    if user is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    shown = session.get(HASH_SESSION_KEY, "")
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return UserId(str(user.pk)) if any(constant_time_compare(shown, one) for one in hashes) else None


session_user = Loader(Lately(session_users))
"""The person of a session, asked from the event loop: `await session_user.one(key)`."""
