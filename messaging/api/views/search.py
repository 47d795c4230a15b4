"""Finding what was said in my conversations."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from messaging.api.answers import FilterRead, SearchHit, SearchPage, answer
from messaging.api.requests import SearchAsked, me, query
from messaging.api.schema import parameters
from messaging.presentation.hits import excerpt
from messaging.protocol import message_data
from messaging.services import pace, search


class Search(APIView):
    @extend_schema(operation_id="search", parameters=parameters(SearchAsked), responses=SearchPage)
    def get(self, request: Request) -> HttpResponse:
        """Messages of my conversations with all of the words. The last word may be unfinished; "quoted words" stand
        side by side; `from:@name`, `in:name`, `has:link|file|image`, `before:` and `after:` a date narrow it."""
        wanted = query(request, SearchAsked)
        pace.searching.take(me(request))
        asked = search.ask(me(request), wanted.q)
        found = search.find(asked, wanted.order, wanted.cursor, wanted.limit)
        hits = [
            SearchHit(message=message_data(one.message), excerpt=excerpt(one.message, asked.needles))
            for one in found.hits
        ]
        filters = [FilterRead(key=one.key, value=one.value, problem=one.problem or None) for one in asked.chips]
        following = found.next and replace_query_param(request.build_absolute_uri(), "cursor", found.next)
        return answer(SearchPage(results=hits, next=following, complete=found.complete, filters=filters))
