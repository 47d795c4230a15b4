"""All style sheets as one: a page asks once, where it would wait for fifty before it shows anything."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

CSS = Path(__file__).resolve().parent.parent / "static" / "css"
YEAR = 365 * 24 * 60 * 60  # seconds


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def styles(request: HttpRequest, version: str) -> HttpResponse:
    """The sheets in the order in which the first one names their layers. Another `version` is that of other sheets."""
    if version != styles_version():
        raise Http404
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(_packed() if packed else _sheets(), content_type="text/css; charset=utf-8")
    answer["Vary"] = "Accept-Encoding"
    if packed:
        answer["Content-Encoding"] = "gzip"
    return answer


@lru_cache
def styles_version() -> str:
    """Changes with what is in any of the sheets."""
    return hashlib.sha256(_sheets()).hexdigest()[:12]


@lru_cache
def _sheets() -> bytes:
    files = sorted(CSS.rglob("*.css"), key=lambda file: (file.name != "tokens.css", file))
    return b"\n".join(file.read_bytes() for file in files)


@lru_cache
def _packed() -> bytes:
    return gzip.compress(_sheets(), mtime=0)
