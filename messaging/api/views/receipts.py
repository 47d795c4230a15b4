"""To whom a message was delivered, who read it."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from chatsite.clock import iso
from messaging import access
from messaging.api.answers import ReceiptOfOne, ReceiptsOfMessage, answer
from messaging.api.requests import NewReceipt, NoQuery, ReceiptsAsked, body, me, query
from messaging.api.schema import parameters
from messaging.protocol import MembershipData, membership_data
from messaging.services import arrangements, receipts
from messaging.services.receipts import Times


class Receipts(APIView):
    @extend_schema(operation_id="receipts", parameters=parameters(ReceiptsAsked), responses=ReceiptsOfMessage)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """Who has a message and who has read it, with the time where it is kept."""
        seq = query(request, ReceiptsAsked).seq
        delivered, read = receipts.of_message(me(request), conversation_id, seq)
        return answer(ReceiptsOfMessage(delivered_to=_receipts(delivered), read_by=_receipts(read)))

    @extend_schema(operation_id="receipts_mark", request=NewReceipt, responses=MembershipData)
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Say how far messages were delivered to me, or read by me. Answers with my place in the conversation."""
        query(request, NoQuery)
        given = body(request, NewReceipt)
        receipts.mark(me(request), conversation_id, given.kind, given.seq)
        return answer(membership_data(access.conversation(me(request), conversation_id).membership))


class AllRead(APIView):
    @extend_schema(operation_id="conversations_read", request=None, responses={204: None})
    def post(self, request: Request) -> HttpResponse:
        """Mark everything in all my conversations as read."""
        query(request, NoQuery)
        arrangements.read_all(me(request))
        return HttpResponse(status=204)


def _receipts(times: Times) -> list[ReceiptOfOne]:
    return [ReceiptOfOne(user_id=who, timestamp=None if at is None else iso(at)) for who, at in times.items()]
