"""What happens to a message after it was sent. Each is applied once, however often it is asked for."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from messaging.api.answers import HiddenSeqs, MessageHistory, MessageVersion, answer
from messaging.api.requests import (
    DeletionAsked,
    EditedMessage,
    HiddenAsked,
    NewPin,
    NewReaction,
    NoQuery,
    body,
    me,
    query,
)
from messaging.api.schema import parameters
from messaging.protocol import MessageData, message_data
from messaging.services import amendments, hiding, messages, pace
from messaging.services.amendments import Amended


class OneMessage(APIView):
    @extend_schema(operation_id="message", responses=MessageData)
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """One message of a conversation I am in."""
        query(request, NoQuery)
        return answer(message_data(messages.one(me(request), message_id)))

    @extend_schema(operation_id="message_edit", request=EditedMessage, responses=MessageData)
    def patch(self, request: Request, message_id: str) -> HttpResponse:
        """Put other words into a message of mine. What it said before stays in its history."""
        query(request, NoQuery)
        wanted = body(request, EditedMessage)
        pace.writing.take(me(request))
        return _seen(request, amendments.edit(me(request), message_id, wanted.op_id, wanted.content))

    @extend_schema(
        operation_id="message_delete", parameters=parameters(DeletionAsked), request=None, responses=MessageData
    )
    def delete(self, request: Request, message_id: str) -> HttpResponse:
        """Take a message back, for everyone: one of mine, or any in a group that I run. Its place stays."""
        asked = query(request, DeletionAsked)
        pace.writing.take(me(request))
        return _seen(request, amendments.delete(me(request), message_id, asked.op_id or uuid4()))


class Reactions(APIView):
    @extend_schema(operation_id="message_react", request=NewReaction, responses=MessageData)
    def post(self, request: Request, message_id: str) -> HttpResponse:
        """Set my reaction, or take it back."""
        query(request, NoQuery)
        wanted = body(request, NewReaction)
        pace.writing.take(me(request))
        return _seen(request, amendments.react(me(request), message_id, wanted.op_id, wanted.emoji, wanted.on))


class Pin(APIView):
    @extend_schema(operation_id="message_pin", request=NewPin, responses=MessageData)
    def post(self, request: Request, message_id: str) -> HttpResponse:
        """Keep a message at hand for everyone in the conversation, or let it go."""
        query(request, NoQuery)
        wanted = body(request, NewPin)
        pace.writing.take(me(request))
        return _seen(request, amendments.pin(me(request), message_id, wanted.op_id, wanted.on))


class Hidden(APIView):
    @extend_schema(operation_id="message_hide", request=None, responses={204: None})
    def put(self, request: Request, message_id: str) -> HttpResponse:
        """Delete a message for me only: no device of mine shows, counts or finds it. The others notice nothing."""
        return self._set(request, message_id, on=True)

    @extend_schema(operation_id="message_show", request=None, responses={204: None})
    def delete(self, request: Request, message_id: str) -> HttpResponse:
        """Take that back."""
        return self._set(request, message_id, on=False)

    def _set(self, request: Request, message_id: str, *, on: bool) -> HttpResponse:
        query(request, NoQuery)
        pace.writing.take(me(request))
        hiding.hide(me(request), message_id, on)
        return Response(status=204)


class HiddenHere(APIView):
    @extend_schema(operation_id="messages_hidden", parameters=parameters(HiddenAsked), responses=HiddenSeqs)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """Which of these messages I have deleted for myself: for whoever shows them and was not told at once."""
        asked = query(request, HiddenAsked)
        return answer(HiddenSeqs(results=hiding.among(me(request), conversation_id, asked.first, asked.last)))


class History(APIView):
    @extend_schema(operation_id="message_history", responses=MessageHistory)
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """What a message said before each edit, and says now; oldest first. Of a deleted one nothing is left."""
        query(request, NoQuery)
        found = amendments.history(me(request), message_id)
        return answer(MessageHistory(results=[MessageVersion.of(one) for one in found]))


def _seen(request: Request, done: Amended) -> HttpResponse:
    return answer(message_data(messages.as_seen(me(request), [done.message])[0]))
