"""For load balancers and supervisors: is the process alive, can it do its work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from chatsite import mongo


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when both databases answer, else 503 and which one does not. Redis may be away: it is optional."""
    state = {"postgresql": _postgresql(), "mongodb": mongo.answers()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _postgresql() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
