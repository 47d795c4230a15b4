"""Message requests: what strangers wrote to me, and my answer."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from messaging.api.answers import ConversationPage, answer
from messaging.api.requests import ConversationsAsked, NoQuery, me, query
from messaging.api.schema import parameters
from messaging.api.views.conversations import page, seen
from messaging.protocol import ConversationData
from messaging.services import requests


class Requests(APIView):
    @extend_schema(
        operation_id="message_requests", parameters=parameters(ConversationsAsked), responses=ConversationPage
    )
    def get(self, request: Request) -> HttpResponse:
        """Conversations that wait for my yes, those with the latest message first."""
        return answer(page(request, requested=True))


class Acceptance(APIView):
    @extend_schema(operation_id="message_request_accept", request=None, responses=ConversationData)
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Say yes: the conversation is one of mine, and receipts and presence begin. Repeated, it changes nothing."""
        query(request, NoQuery)
        requests.accept(me(request), conversation_id)
        return answer(seen(me(request), conversation_id))


class Refusal(APIView):
    @extend_schema(operation_id="message_request_decline", request=None, responses={204: None})
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Put it away. The sender is not told, and what they write reaches me no more."""
        query(request, NoQuery)
        requests.decline(me(request), conversation_id)
        return Response(status=204)
