"""Passing messages on."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from messaging.api.answers import Passed, PassedOn, Problem, answer
from messaging.api.requests import NewForward, NoQuery, body, me, query
from messaging.protocol import message_data
from messaging.services import forwarding
from messaging.services.forwarding import Outcome


class Forwards(APIView):
    @extend_schema(operation_id="message_forward", request=NewForward, responses=PassedOn)
    def post(self, request: Request, message_id: str) -> HttpResponse:
        """Pass a message on, with its files, to conversations and to people. Its author is named, where it was said is
        not. Each place says for itself what became of it."""
        query(request, NoQuery)
        wanted = body(request, NewForward)
        what = (message_id, wanted.client_id, wanted.conversation_ids, wanted.user_ids)
        return answer(PassedOn(results=[_data(one) for one in forwarding.forward(me(request), *what)]))


def _data(one: Outcome) -> Passed:
    sent = None if one.sent is None else message_data(one.sent.message)
    refusal = None if one.refusal is None else Problem(code=one.refusal.code, detail=one.refusal.detail)
    return Passed(target=one.target, message=sent, problem=refusal)
