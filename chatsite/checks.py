"""Wrong settings fail at start with a hint, not later with a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from pymongo.errors import PyMongoError

from chatsite import mongo
from chatsite.mongo import sync

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}
WORDS = {"CHAT_SIGNUP": ("open", "invite", "approval", "closed"), "CHAT_INVITERS": ("staff", "members")}
ENCRYPTED = {"sslmode=require", "sslmode=verify-ca", "sslmode=verify-full", "tls=true", "ssl=true"}


@register(Tags.security)
def keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A secret that lasts: sessions and links signed with a passing one die with the process."""
    if settings.SECRET_KEY_IS_KEPT:
        return []
    hint = "Run `manage.py up` once, which keeps one in the data directory, or set SECRET_KEY."
    return [Error("There is no SECRET_KEY.", hint=hint, id="chat.E001")]


@register()
def words(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Variables that take one of a few words, or an address."""
    found: list[CheckMessage] = []
    for name, allowed in WORDS.items():
        if getattr(settings, name) not in allowed:
            hint = f"Set it to {', '.join(allowed[:-1])} or {allowed[-1]}."
            found.append(Error(f"{name} is none of its words.", hint=hint, id="chat.E002"))
    provider = (settings.OIDC_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)
    if any(provider) and not all(provider):
        hint = "Set OIDC_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none of them."
        found.append(Error("Only a part of the OpenID Connect provider is named.", hint=hint, id="chat.E004"))
    public = urlsplit(settings.CHAT_URL)
    if settings.CHAT_URL and (public.scheme not in ("http", "https") or not public.hostname or public.path):
        hint = "Write it like https://chat.example.org, without a path."
        found.append(Error("CHAT_URL is no address of a site.", hint=hint, id="chat.E003"))
    return found


@register(Tags.security, deploy=True)
def open_to_others(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """What is fine on one's own machine, but not where strangers come by."""
    found: list[CheckMessage] = []
    if not settings.CHAT_RATE_LIMITS:
        hint = "CHAT_RATE_LIMITS=off is for measurements only: remove it."
        found.append(Error("There are no rate limits.", hint=hint, id="chat.E010"))
    if not settings.SECURE:
        hint = "Set CHAT_URL to the https address that people use."
        found.append(Error("Sessions travel unencrypted.", hint=hint, id="chat.E011"))
    if settings.OIDC_URL and not settings.OIDC_URL.startswith("https://") and not _private(settings.OIDC_URL):
        hint = "Use the provider's https address."
        found.append(Error("OIDC_URL crosses a network unencrypted.", hint=hint, id="chat.E013"))
    if settings.LINK_PREVIEWS:
        hint = "Let its machine reach no network of yours that it need not, or set CHAT_LINK_PREVIEWS=off."
        found.append(Info("The worker asks whatever public host a message links to.", hint=hint, id="chat.I014"))
    for name, url in (("MONGODB_URL", settings.MONGODB_URL), ("REDIS_URL", settings.REDIS_URL)):
        if not _private(url):
            hint = "Use loopback, a unix socket, or TLS (tls=true, rediss://)."
            found.append(Error(f"{name} crosses a network unencrypted.", hint=hint, id="chat.E012"))
    return found


@register(Tags.database)
def collections(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Whether MongoDB has the declared collections, validators and indexes. Only where databases are asked for."""
    if not databases:
        return []
    hint = "Run `manage.py syncmongo`."
    try:
        count = sum(1 for _ in sync.differences(mongo.database(), sync.declared()))
    except PyMongoError as error:
        return [Warning(f"MongoDB does not answer: {error}", hint="Is it running?", id="chat.W020")]
    return [Warning(f"MongoDB differs from the code in {count} ways.", hint=hint, id="chat.W021")] if count else []


def _private(url: str) -> bool:
    parts = urlsplit(url.replace("+srv", ""))
    hosts = {one.rsplit(":", 1)[0].strip("[]") for one in parts.netloc.rsplit("@", 1)[-1].split(",")}
    return parts.scheme in ("rediss", "unix") or hosts <= LOOPBACK or bool(ENCRYPTED & set(parts.query.split("&")))
