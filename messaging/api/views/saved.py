"""Messages that I keep at hand."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from chatsite.clock import iso
from messaging.api.answers import SavedMessage, SavedPage, answer
from messaging.api.requests import NewSaved, NoQuery, SavedAsked, body, me, query
from messaging.api.schema import parameters
from messaging.protocol import message_data
from messaging.services import pace, saving
from messaging.services.saving import Kept


class Saved(APIView):
    @extend_schema(operation_id="saved_messages", parameters=parameters(SavedAsked), responses=SavedPage)
    def get(self, request: Request) -> HttpResponse:
        """Those that I may still read, last saved first."""
        asked = query(request, SavedAsked)
        found = saving.page(me(request), asked.cursor, asked.limit)
        following = found.next and replace_query_param(request.build_absolute_uri(), "cursor", found.next)
        return answer(SavedPage(results=[_data(one) for one in found.kept], next=following))

    @extend_schema(operation_id="saved_message_new", request=NewSaved, responses={201: SavedMessage, 200: SavedMessage})
    def post(self, request: Request) -> HttpResponse:
        """Keep a message at hand; 200 where I do already. Nobody else hears of it."""
        query(request, NoQuery)
        wanted = body(request, NewSaved)
        pace.writing.take(me(request))
        kept, fresh = saving.save(me(request), wanted.message_id)
        return answer(_data(kept), 201 if fresh else 200)


class OneSaved(APIView):
    @extend_schema(operation_id="saved_message", responses=SavedMessage)
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """Whether I keep this message."""
        query(request, NoQuery)
        return answer(_data(saving.one(me(request), message_id)))

    @extend_schema(operation_id="saved_message_drop", responses={204: None})
    def delete(self, request: Request, message_id: str) -> HttpResponse:
        """Keep it no longer."""
        query(request, NoQuery)
        saving.drop(me(request), message_id)
        return Response(status=204)


def _data(one: Kept) -> SavedMessage:
    return SavedMessage(saved_at=iso(one.saved.saved_at), message=message_data(one.message))
