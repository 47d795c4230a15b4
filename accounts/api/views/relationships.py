"""What I and others are to each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.api import serializers
from accounts.api.pages import CURSOR, LIMIT, limit, next_page
from accounts.api.views.viewer import viewer
from accounts.models import Relationship
from accounts.services import faces, people, relationships
from chatsite.types import UserId


class Relationships(APIView):
    @extend_schema(
        operation_id="relationships",
        parameters=[CURSOR, LIMIT],
        responses={200: serializers.RelationshipPage, 400: serializers.Failure, 401: serializers.Failure},
    )
    def get(self, request: Request) -> Response:
        """My friends, requests from and to me, and those I block; the newest first."""
        me = viewer(request).chat_id
        rows, following = relationships.page(me, limit(request), request.query_params.get("cursor", ""))
        return Response({"results": _rows(me, rows), "next": next_page(request, following)})

    @extend_schema(
        operation_id="relationship_make",
        request=serializers.NewRelationship,
        responses={
            201: serializers.RelationshipRow,
            400: serializers.Failure,
            401: serializers.Failure,
            404: serializers.Failure,
            409: serializers.Failure,
        },
    )
    def post(self, request: Request) -> Response:
        """Ask someone to be friends (or accept, where they have asked), or block them. Repeated, it changes nothing."""
        form = serializers.NewRelationship(data=request.data)
        form.is_valid(raise_exception=True)
        me = viewer(request).chat_id
        other = access.person(me, form.validated_data["user_id"]).chat_id
        act = relationships.block if form.validated_data["type"] == "blocked" else relationships.request
        return Response(_rows(me, [act(me, other)])[0], status=status.HTTP_201_CREATED)


class OneRelationship(APIView):
    @extend_schema(
        operation_id="relationship_end",
        responses={204: None, 401: serializers.Failure, 404: serializers.Failure},
    )
    def delete(self, request: Request, relationship_id: UUID) -> Response:
        """End a friendship, take back or turn down a request, lift a block: whichever this row is."""
        me = viewer(request).chat_id
        relationships.withdraw(me, relationships.one(me, relationship_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _rows(me: UserId, rows: list[Relationship]) -> list[dict[str, Any]]:
    others = [UserId(str(row.related_user_id if str(row.user_id) == me else row.user_id)) for row in rows]
    cards = faces.cards(me, others)
    return [_row(row, cards[other]) for row, other in zip(rows, others, strict=True)]


def _row(row: Relationship, card: people.Card) -> dict[str, Any]:
    own = {
        name: getattr(row, name) for name in ("id", "user_id", "related_user_id", "type", "created_at", "updated_at")
    }
    shown = {"status": relationships.status_shown(row), "user": msgspec.structs.asdict(card)}
    return dict(serializers.RelationshipRow(own | shown).data)
