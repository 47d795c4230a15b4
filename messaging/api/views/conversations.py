"""My conversations: listing, starting, renaming."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from chatsite.types import ObjectId, UserId
from messaging import access
from messaging.api.answers import ConversationPage, PinPage, answer
from messaging.api.requests import ConversationsAsked, NewConversation, NewLooks, NoQuery, PinsAsked, body, me, query
from messaging.api.schema import parameters
from messaging.protocol import ConversationData, conversation_data, message_data
from messaging.services import conversations, groups, inbox, shelves
from messaging.services.inbox import Row


class Conversations(APIView):
    @extend_schema(operation_id="conversations", parameters=parameters(ConversationsAsked), responses=ConversationPage)
    def get(self, request: Request) -> HttpResponse:
        """My conversations, those with the latest message first."""
        return answer(page(request))

    @extend_schema(
        operation_id="conversations_create",
        request=NewConversation,
        responses={201: ConversationData, 200: ConversationData},
    )
    def post(self, request: Request) -> HttpResponse:
        """Start a conversation. 200 answers with the private one that exists already."""
        query(request, NoQuery)
        wanted, user = body(request, NewConversation), me(request)
        others = [str(one) for one in wanted.participants]
        conversation, created = conversations.start(user, wanted.type, others, wanted.name, public=wanted.public)
        return answer(seen(user, conversation.id), 201 if created else 200)


class OneConversation(APIView):
    @extend_schema(operation_id="conversation", responses=ConversationData)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """One of my conversations."""
        query(request, NoQuery)
        return answer(seen(me(request), conversation_id))

    @extend_schema(operation_id="conversation_change", request=NewLooks, responses=ConversationData)
    def patch(self, request: Request, conversation_id: str) -> HttpResponse:
        """Give a group another name or description, or open it to everyone: its owner and admins may."""
        query(request, NoQuery)
        wanted, user = body(request, NewLooks), me(request)
        if wanted.name is not None:
            conversations.rename(user, conversation_id, wanted.name)
        if wanted.description is not None:
            groups.describe(user, conversation_id, wanted.description)
        if wanted.public is not None:
            groups.publish(user, conversation_id, wanted.public)
        return answer(seen(user, conversation_id))


class Pins(APIView):
    @extend_schema(operation_id="pins", parameters=parameters(PinsAsked), responses=PinPage)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """What is pinned in a conversation."""
        asked = query(request, PinsAsked)
        found = shelves.pins(me(request), conversation_id, asked.cursor, asked.limit)
        following = found.next and replace_query_param(request.build_absolute_uri(), "cursor", found.next)
        return answer(PinPage(results=[message_data(one) for one in found.messages], next=following))


def page(request: Request, *, requested: bool = False) -> ConversationPage:
    """The page of conversations, or of message requests, that a request asks for."""
    asked = query(request, ConversationsAsked)
    found = inbox.page(me(request), asked.limit, inbox.position(asked.cursor), requested=requested)
    following = found.next and replace_query_param(request.build_absolute_uri(), "cursor", found.next)
    return ConversationPage(results=[_data(one) for one in found.rows], next=following)


def seen(user: UserId, conversation_id: ObjectId | str) -> ConversationData:
    return _data(inbox.row(access.conversation(user, conversation_id)))


def _data(row: Row) -> ConversationData:
    return conversation_data(row.conversation, row.membership, row.unread)
