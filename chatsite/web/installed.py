"""The chat as an app on somebody's device: its manifest, its service worker, and what it shows without a connection."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from chatsite.templatetags.look import STATIC, files, styles_address

WORKER = STATIC / "worker" / "worker.js"
PICTURES = ("icons/app.svg", "icons/app-192.png", "worker/offline.js")
CANVAS, SURFACE = "#f2f5f7", "#fcfdfd"  # as tokens.css has them in light


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """What the device is told about the app, in the language of who asks."""
    return JsonResponse(_manifest(), content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its text names every file by its version, so that a new one is another worker."""
    return HttpResponse(_worker() if settings.DEBUG else _worker_once(), content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the worker where no page can be had."""
    return render(request, "offline.html")


def _manifest() -> dict[str, Any]:
    return {
        "id": "/",
        "name": settings.CHAT_NAME,
        "short_name": settings.CHAT_NAME,
        "description": _("Messages, in a chat of your own"),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": SURFACE,
        "theme_color": CANVAS,
        "categories": ["social", "productivity"],
        "icons": [
            {"src": static("icons/app.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": static("icons/app-192.png"), "type": "image/png", "sizes": "192x192"},
            {"src": static("icons/app-512.png"), "type": "image/png", "sizes": "512x512"},
            {
                "src": static("icons/app-maskable-512.png"),
                "type": "image/png",
                "sizes": "512x512",
                "purpose": "maskable",
            },
        ],
        "shortcuts": [
            {"name": _("New conversation"), "url": "/c/new/"},
            {"name": _("Search messages"), "url": "/search/"},
        ],
    }


def _worker() -> str:
    kept = [styles_address(), *(static(path) for path in (*files("js"), *PICTURES))]
    page = Path(get_template("offline.html").template.origin.name)  # type: ignore[attr-defined]
    version = hashlib.sha256("\n".join([*kept, page.read_text()]).encode()).hexdigest()[:16]
    hashed = hasattr(staticfiles_storage, "hashed_files")
    given = {"VERSION": version, "HASHED": hashed, "FILES": kept}
    return "\n".join([*(f"const {name} = {json.dumps(value)}" for name, value in given.items()), WORKER.read_text()])


_worker_once = lru_cache(_worker)
