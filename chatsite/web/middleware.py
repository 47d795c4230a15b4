from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chatsite.errors import ChatError
from chatsite.outages import outage


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
