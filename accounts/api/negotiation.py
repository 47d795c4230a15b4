from __future__ import annotations

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

ANYTHING = "*/*"  # what is accepted where a request does not say


class Negotiation(DefaultContentNegotiation):
    """DRF's, which weighs each kind of answer there is against each that is accepted, also where all are."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        choosy = request.META.get("HTTP_ACCEPT", ANYTHING) != ANYTHING
        if choosy or format_suffix or self.settings.URL_FORMAT_OVERRIDE in request.query_params:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
            return chosen
        first = next(iter(renderers))
        return first, first.media_type
