"""Pages by cursor: what a client may ask for, and the address of the page after."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from chatsite.errors import Invalid

ROWS = 50  # of a page, when the client does not say
ROWS_MAX = 200
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="From `next` of the page before.")
LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, description=f"Rows of a page, 1 to {ROWS_MAX}; {ROWS} if absent.")


def limit(request: Request) -> int:
    """How many rows the client wants. Raises Invalid for what is no number from 1 to 200."""
    text = request.query_params.get("limit", str(ROWS))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= ROWS_MAX):
        problem = _("Must be a number from 1 to %(most)d.") % {"most": ROWS_MAX}
        raise Invalid(problem, fields={"limit": [problem]})
    return int(text)


def next_page(request: Request, word: str | None) -> str | None:
    """The address of the page that `word` begins; None where there is none."""
    return replace_query_param(request.build_absolute_uri(), "cursor", word) if word else None
