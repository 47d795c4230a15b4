"""The log of a conversation, and what was changed about it."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from messaging.api.answers import ChangePage, MessagePage, ThreadPage, answer
from messaging.api.requests import ChangesAsked, MessagesAsked, NewMessage, NoQuery, body, me, query
from messaging.api.schema import parameters
from messaging.protocol import MessageData, message_data
from messaging.services import amendments, catchup, discretion, messages, pace, threads


class Log(APIView):
    @extend_schema(operation_id="messages", parameters=parameters(MessagesAsked), responses=MessagePage)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """A page of messages: the newest, or those before, after or around a `seq`."""
        asked = query(request, MessagesAsked)
        page = messages.page(
            me(request),
            conversation_id,
            before=asked.before,
            after=asked.after,
            around=asked.around,
            limit=asked.limit,
        )
        results = [message_data(one) for one in page.messages]
        shown = MessagePage(results=results, has_before=page.has_before, has_after=page.has_after, head=page.head)
        return answer(shown)

    @extend_schema(operation_id="messages_send", request=NewMessage, responses={201: MessageData, 200: MessageData})
    def post(self, request: Request, conversation_id: str) -> HttpResponse:
        """Send a message. 200 answers with what an earlier request with the same `client_id` stored."""
        query(request, NoQuery)
        wanted = body(request, NewMessage)
        pace.writing.take(me(request))
        what = (wanted.client_id, wanted.content, wanted.reply_to, wanted.attachments, wanted.thread_id)
        sent = messages.send(me(request), conversation_id, *what)
        return answer(message_data(sent.message), 201 if sent.created else 200)


class Previews(APIView):
    @extend_schema(operation_id="message_previews_remove", responses=MessageData)
    def delete(self, request: Request, message_id: str) -> HttpResponse:
        """Take the previews of links off my message, for everyone and for good."""
        query(request, NoQuery)
        plain = amendments.leave_links_plain(me(request), message_id)
        return answer(message_data(messages.as_seen(me(request), [plain])[0]))


class Thread(APIView):
    @extend_schema(operation_id="thread", parameters=parameters(MessagesAsked), responses=ThreadPage)
    def get(self, request: Request, message_id: str) -> HttpResponse:
        """The thread that a message begins or is in: the newest replies, or those before, after or around a `seq`."""
        asked = query(request, MessagesAsked)
        where = {"before": asked.before, "after": asked.after, "around": asked.around}
        page = threads.page(me(request), message_id, **where, limit=asked.limit)
        shown = ThreadPage(
            root=message_data(page.root),
            results=[message_data(one) for one in page.replies],
            has_before=page.has_before,
            has_after=page.has_after,
            head=page.head,
        )
        return answer(shown)


class Changes(APIView):
    @extend_schema(operation_id="changes", parameters=parameters(ChangesAsked), responses=ChangePage)
    def get(self, request: Request, conversation_id: str) -> HttpResponse:
        """What was changed since a `rev`: names, members, roles; oldest first."""
        asked = query(request, ChangesAsked)
        page = messages.changes_since(me(request), conversation_id, asked.after, asked.limit)
        results = catchup.with_messages(page.changes, discretion.sight(me(request)))
        return answer(ChangePage(results=results, more=page.more, head=page.head))
