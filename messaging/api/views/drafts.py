"""What I have begun to write in a conversation, for all of my devices."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from messaging.api.answers import answer
from messaging.api.requests import NewDraft, NoQuery, body, me, query
from messaging.protocol import DraftData, draft_data
from messaging.services import drafts, pace


class OneDraft(APIView):
    @extend_schema(operation_id="draft", responses=DraftData)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """What I have begun to write here."""
        query(request, NoQuery)
        return answer(draft_data(drafts.of(me(request), conversation_id)))

    @extend_schema(operation_id="draft_keep", request=NewDraft, responses=DraftData)
    def put(self, request: Request, conversation_id: str) -> HttpResponse:
        """Keep what I have begun to write, in place of what was there. My other devices hear of it."""
        query(request, NoQuery)
        wanted = body(request, NewDraft)
        pace.drafting.take(me(request))
        return answer(draft_data(drafts.keep(me(request), conversation_id, wanted.text, wanted.reply_to)))
