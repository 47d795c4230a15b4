from __future__ import annotations

from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from chatsite.errors import ChatError
from chatsite.outages import outage
from chatsite.postgres.scope import as_nobody


class ContentSecurityPolicy(CSPMiddleware):  # type: ignore[misc]
    """django-csp's, which words the policy anew for each answer. All that use no nonce and have no policy of their own,
    as those of the API, get the same one: it is worded once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response)):
            answered: HttpResponseBase = super().process_response(request, response)
            return answered
        response.headers.setdefault(HEADER, _policy())
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response


@cache
def _policy() -> str:
    worded: str = build_policy()
    return worded


class Unprivileged:
    """A request begins with no right in PostgreSQL. Whoever needs one takes it (chatsite/postgres/scope.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with as_nobody():
            return self.get_response(request)


class DomainErrors:
    """Turns a domain error that a view let pass into its page: the words of the error, its status, a way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        error = outage(error) or error
        if not isinstance(error, ChatError):
            return None
        response = _page(request, error)
        if error.retry_after is not None:
            response["Retry-After"] = str(int(error.retry_after) + 1)
        return response


def _page(request: HttpRequest, error: ChatError) -> HttpResponse:
    try:
        return render(request, "error.html", {"error": error}, status=error.status)
    except Exception as again:
        if outage(again) is None:
            raise
        # the page says who is signed in, which nobody can find out now
        return HttpResponse(error.detail, status=error.status, content_type="text/plain; charset=utf-8")
