"""Public rooms, links into groups, and their pictures."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from chatsite.clock import iso
from chatsite.images import BYTES_MAX, MEDIA_TYPES
from chatsite.types import UserId
from messaging.api.answers import InviteData, Invites, Room, RoomPage, answer
from messaging.api.requests import NewInvite, NoQuery, RoomsAsked, Secret, body, me, query
from messaging.api.schema import parameters
from messaging.api.views.conversations import seen
from messaging.documents import Conversation, Invite
from messaging.protocol import ConversationData
from messaging.services import inbox, invites, pictures, rooms


class Rooms(APIView):
    @extend_schema(operation_id="rooms", parameters=parameters(RoomsAsked), responses=RoomPage)
    def get(self, request: Request) -> HttpResponse:
        """The groups that anyone may join, those with the latest message first."""
        asked, user = query(request, RoomsAsked), me(request)
        found = rooms.page(asked.search, inbox.position(asked.cursor), asked.limit)
        following = found.next and replace_query_param(request.build_absolute_uri(), "cursor", found.next)
        return answer(RoomPage(results=[_room(one, user) for one in found.rooms], next=following))


class RoomEntry(APIView):
    @extend_schema(operation_id="room_join", request=None, responses=ConversationData)
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Join a public room. Who was removed from it does not come back by themselves."""
        query(request, NoQuery)
        return answer(seen(me(request), rooms.join(me(request), conversation_id).id))


class AllInvites(APIView):
    @extend_schema(operation_id="invites", responses=Invites)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """The links into a group: its owner and admins may."""
        query(request, NoQuery)
        return answer(Invites(results=[_invite(one) for one in invites.listed(me(request), conversation_id)]))

    @extend_schema(operation_id="invite_make", request=NewInvite, responses={201: InviteData})
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Make a link into a group: its owner and admins may. Its secret is told in this answer, and never again."""
        query(request, NoQuery)
        wanted = body(request, NewInvite)
        made, secret = invites.make(me(request), conversation_id, wanted.seconds, wanted.uses)
        path = reverse("invite", args=[secret])
        url = settings.CHAT_URL + path if settings.CHAT_URL else request.build_absolute_uri(path)
        return answer(_invite(made, secret=secret, url=url), 201)


class OneInvite(APIView):
    @extend_schema(operation_id="invite_revoke", responses={204: None})
    def delete(self, request: Request, conversation_id: str, invite_id: str) -> HttpResponse:
        """Withdraw a link: it stops working at once."""
        query(request, NoQuery)
        invites.revoke(me(request), conversation_id, invite_id)
        return Response(status=204)


class InviteEntry(APIView):
    @extend_schema(operation_id="invite_join", request=Secret, responses=ConversationData)
    def post(self, request: Request) -> HttpResponse:
        """Join a group by its link."""
        query(request, NoQuery)
        return answer(seen(me(request), invites.join(me(request), body(request, Secret).secret).id))


class PictureParser(BaseParser):
    """The body as it is, up to a byte more than is taken. What type it claims to be counts for nothing."""

    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        return bytes(stream.read(BYTES_MAX + 1))


class GroupPicture(APIView):
    parser_classes = (PictureParser,)

    @extend_schema(
        operation_id="group_picture_put",
        request=dict.fromkeys(MEDIA_TYPES, OpenApiTypes.BINARY),
        responses=ConversationData,
    )
    def put(self, request: Request, conversation_id: str) -> HttpResponse:
        """Give a group a picture: its owner and admins may. Of the file, which is the body, the middle square is
        kept, as WebP in three sizes: `avatar_url` names one, and the others stand beside it."""
        query(request, NoQuery)
        picture = request.data if isinstance(request.data, bytes) else b""
        pictures.put(me(request), conversation_id, picture)
        return answer(seen(me(request), conversation_id))

    @extend_schema(operation_id="group_picture_remove", responses=ConversationData)
    def delete(self, request: Request, conversation_id: str) -> HttpResponse:
        """Have letters instead of a picture."""
        query(request, NoQuery)
        pictures.remove(me(request), conversation_id)
        return answer(seen(me(request), conversation_id))


def _room(one: Conversation, user: UserId) -> Room:
    return Room(
        id=str(one.id),
        name=one.name or "",
        description=one.description,
        avatar_url=one.avatar_url,
        members=len(one.participants),
        joined=user in one.participants,
    )


def _invite(one: Invite, **told: str) -> InviteData:
    return InviteData(
        id=str(one.id),
        made_by=one.made_by,
        created_at=iso(one.created_at),
        expires_at=None if one.expires_at is None else iso(one.expires_at),
        uses_max=one.uses_max,
        uses=one.uses,
        **told,
    )
