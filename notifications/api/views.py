from __future__ import annotations

import msgspec
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from chatsite.clock import iso
from chatsite.errors import Invalid
from notifications import presentation
from notifications.api import serializers
from notifications.api.requests import PreferencesRequest, ReadRequest, body, me
from notifications.documents import Channels, NotificationPreference, Types
from notifications.services import inbox, preferences, reading

CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="From `next` of the page before.")
LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {inbox.PAGE_MAX}; {inbox.PAGE} if absent.")


class NotificationsView(APIView):
    """My notifications, newest first."""

    @extend_schema(parameters=[CURSOR, LIMIT], responses=serializers.NotificationPage)
    def get(self, request: Request) -> Response:
        user = me(request)
        page = inbox.page(user, request.query_params.get("cursor") or None, _limit(request))
        following = page.next and replace_query_param(request.build_absolute_uri(), "cursor", page.next)
        results = msgspec.to_builtins(presentation.data(page.notifications))
        return Response({"results": results, "next": following, "unread": inbox.unread(user)})


class ReadView(APIView):
    """What I have read."""

    @extend_schema(request=serializers.ReadRequest, responses=serializers.Unread)
    def post(self, request: Request) -> Response:
        wanted = body(request, ReadRequest)
        ids = None if wanted.ids is msgspec.UNSET else wanted.ids
        return Response({"unread": reading.mark(me(request), ids)})


class PreferencesView(APIView):
    """What I want to hear of, and how."""

    @extend_schema(responses=serializers.Preferences)
    def get(self, request: Request) -> Response:
        return Response(_preferences(preferences.get(me(request))))

    @extend_schema(request=serializers.PreferencesRequest, responses=serializers.Preferences)
    def put(self, request: Request) -> Response:
        wanted = body(request, PreferencesRequest)
        channels = msgspec.convert(msgspec.to_builtins(wanted.channels), Channels)
        types = msgspec.convert(msgspec.to_builtins(wanted.types), Types)
        return Response(_preferences(preferences.put(me(request), channels, types)))


def _preferences(known: NotificationPreference) -> dict[str, object]:
    plain: dict[str, object] = {
        "channels": msgspec.to_builtins(known.channels),
        "types": msgspec.to_builtins(known.types),
    }
    return plain | {"updated_at": iso(known.updated_at)}


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(inbox.PAGE))
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= inbox.PAGE_MAX):
        problem = f"Must be a number from 1 to {inbox.PAGE_MAX}."
        raise Invalid(problem, fields={"limit": [problem]})
    return int(text)
