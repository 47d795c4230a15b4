"""My messages that wait for their time."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from messaging.api.answers import ScheduledList, answer
from messaging.api.requests import NewScheduled, NoQuery, ScheduledChange, body, me, query
from messaging.documents import Scheduled as Document
from messaging.protocol import MessageData, ScheduledData, message_data, scheduled_data
from messaging.services import pace, scheduling


class Scheduled(APIView):
    @extend_schema(operation_id="scheduled_messages", responses=ScheduledList)
    def get(self, request: Request) -> HttpResponse:
        """All of them, soonest first."""
        query(request, NoQuery)
        found = scheduling.mine(me(request))
        files = scheduling.files_of(found)
        return answer(ScheduledList(results=[scheduled_data(one, files) for one in found]))

    @extend_schema(operation_id="scheduled_message_new", request=NewScheduled, responses={201: ScheduledData})
    def post(self, request: Request) -> HttpResponse:
        """Have a message go out later, as mine. What I may do then decides, not what I may do now."""
        query(request, NoQuery)
        wanted = body(request, NewScheduled)
        pace.writing.take(me(request))
        what = (wanted.conversation_id, wanted.client_id, wanted.content, wanted.due_at)
        made = scheduling.schedule(me(request), *what, wanted.reply_to, wanted.attachments)
        return answer(_data(made), 201)


class OneScheduled(APIView):
    @extend_schema(operation_id="scheduled_message", responses=ScheduledData)
    def get(self, request: Request, scheduled_id: str) -> HttpResponse:
        """One of them."""
        query(request, NoQuery)
        return answer(_data(scheduling.one(me(request), scheduled_id)))

    @extend_schema(operation_id="scheduled_message_change", request=ScheduledChange, responses=ScheduledData)
    def patch(self, request: Request, scheduled_id: str) -> HttpResponse:
        """Other words, or another time. One that failed waits again."""
        query(request, NoQuery)
        wanted = body(request, ScheduledChange)
        pace.writing.take(me(request))
        return answer(_data(scheduling.change(me(request), scheduled_id, wanted.content, wanted.due_at)))

    @extend_schema(operation_id="scheduled_message_cancel", responses={204: None})
    def delete(self, request: Request, scheduled_id: str) -> HttpResponse:
        """Do not send it after all."""
        query(request, NoQuery)
        scheduling.cancel(me(request), scheduled_id)
        return Response(status=204)


class Sending(APIView):
    @extend_schema(operation_id="scheduled_message_send", request=None, responses=MessageData)
    def post(self, request: Request, scheduled_id: str) -> HttpResponse:
        """Send it now."""
        query(request, NoQuery)
        pace.writing.take(me(request))
        return answer(message_data(scheduling.send_now(me(request), scheduled_id).message))


def _data(one: Document) -> ScheduledData:
    return scheduled_data(one, scheduling.files_of([one]))
