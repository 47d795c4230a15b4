"""Who sits in a conversation."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services import faces
from chatsite.types import UserId
from chatsite.types import user_id as canonical
from messaging.api.answers import Member, Members, answer
from messaging.api.requests import NewArrangement, NewMembers, NewRole, NoQuery, body, me, query
from messaging.api.views.conversations import seen
from messaging.protocol import ConversationData, membership_data
from messaging.services import arrangements, members
from messaging.services.arrangements import Wish


class AllMembers(APIView):
    @extend_schema(operation_id="members", responses=Members)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """Everyone in a conversation, longest first."""
        query(request, NoQuery)
        return answer(_members(me(request), conversation_id))

    @extend_schema(operation_id="members_add", request=NewMembers, responses={201: Members})
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Add people to a group: its owner and admins may. Those who are in it already stay as they are."""
        query(request, NoQuery)
        wanted = body(request, NewMembers)
        members.add(me(request), conversation_id, [str(one) for one in wanted.user_ids])
        return answer(_members(me(request), conversation_id), 201)


class OneMember(APIView):
    @extend_schema(operation_id="member_role", request=NewRole, responses=Members)
    def patch(self, request: Request, conversation_id: str, user_id: str) -> HttpResponse:
        """Give someone another role: the owner may. Making someone else the owner makes oneself an admin."""
        query(request, NoQuery)
        members.set_role(me(request), conversation_id, user_id, body(request, NewRole).role)
        return answer(_members(me(request), conversation_id))

    @extend_schema(operation_id="member_remove", responses={204: None})
    def delete(self, request: Request, conversation_id: str, user_id: str) -> HttpResponse:
        """Take someone out of a group. Removing oneself is leaving."""
        query(request, NoQuery)
        if canonical(user_id) == me(request):
            members.leave(me(request), conversation_id)
        else:
            members.remove(me(request), conversation_id, user_id)
        return Response(status=204)


class OwnMembership(APIView):
    @extend_schema(operation_id="membership_arrange", request=NewArrangement, responses=ConversationData)
    def patch(self, request: Request, conversation_id: str) -> HttpResponse:
        """Mute a conversation, pin it, archive it, mark it unread: for oneself, on all devices."""
        query(request, NoQuery)
        wish = msgspec.convert(msgspec.to_builtins(body(request, NewArrangement)), Wish)
        arrangements.arrange(me(request), conversation_id, wish)
        return answer(seen(me(request), conversation_id))


def _members(user: UserId, conversation_id: str) -> Members:
    seats = members.seats_shown(user, conversation_id)
    cards = faces.cards(user, (UserId(one.user_id) for one in seats))
    return Members(
        results=[
            msgspec.convert(
                {
                    **msgspec.structs.asdict(membership_data(one)),
                    "user_id": one.user_id,
                    "username": cards[UserId(one.user_id)].username,
                    "display_name": cards[UserId(one.user_id)].display_name,
                    "avatar_url": cards[UserId(one.user_id)].avatar_url,
                },
                Member,
            )
            for one in seats
        ]
    )
