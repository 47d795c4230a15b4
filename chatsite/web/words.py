"""The words that scripts say, in another language than English."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import to_locale
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

YEAR = 365 * 24 * 60 * 60  # seconds
catalogue = JavaScriptCatalog.as_view(packages=["chatsite"])


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def words(request: HttpRequest, language: str, version: str) -> HttpResponseBase:
    """The catalogue of a language. Its `version` makes the address another one when words change."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        return catalogue(request)


@lru_cache
def catalogue_version(language: str) -> str:
    """Of the words that scripts say in this language: another one for other words."""
    file = Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "djangojs.mo"
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
