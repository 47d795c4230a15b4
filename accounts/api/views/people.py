"""Other people, and how to find them."""

from __future__ import annotations

from uuid import UUID

import msgspec
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.api import serializers
from accounts.api.pages import CURSOR, LIMIT, limit, next_page
from accounts.api.views.viewer import viewer
from accounts.services import faces, people, profiles, relationships

SEARCH = OpenApiParameter("search", OpenApiTypes.STR, description="How a user name or display name begins.")


class Users(APIView):
    @extend_schema(
        operation_id="users",
        parameters=[SEARCH, CURSOR, LIMIT],
        responses={200: serializers.PersonPage, 400: serializers.Failure, 401: serializers.Failure},
    )
    def get(self, request: Request) -> Response:
        """People whose user name or display name begins with `search`, in any letter case; all without it."""
        after = people.position(request.query_params.get("cursor", ""))
        found = people.find(viewer(request).chat_id, request.query_params.get("search", ""), limit(request), after)
        cards = [msgspec.structs.asdict(card) for card in found.cards]
        return Response({"results": cards, "next": next_page(request, found.next)})


class User(APIView):
    @extend_schema(
        operation_id="user", responses={200: serializers.Person, 401: serializers.Failure, 404: serializers.Failure}
    )
    def get(self, request: Request, user_id: UUID) -> Response:
        """One person. Someone with a block between us shows a name and no more."""
        me = viewer(request).chat_id
        person = access.person(me, user_id)
        other = person.chat_id
        about = {
            **msgspec.structs.asdict(profiles.about(me, other)),
            "relationship": "self" if other == me else relationships.standing(me, other),
            "created_at": person.created_at,
        }
        return Response(serializers.Person(msgspec.structs.asdict(faces.card(me, other)) | about).data)
