"""The API under /api/v1/: its addresses, and the one shape of its errors."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chatsite.asyncapi import describe
from chatsite.errors import ChatError, NotFound
from chatsite.outages import outage


class Nothing(APIView):
    """Where the API has no address: its own error, not the site's page."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound(str(_("There is nothing at this address.")))


class Docs(SpectacularSwaggerSplitView):
    """The description as a page to read and try things on."""

    url_name = "api-schema"
    template_name = "api/docs.html"
    title = "API"


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("messaging.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("notifications.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("asyncapi.json", describe, name="asyncapi"),
    re_path("", Nothing.as_view()),
]

FAILURE = {"$ref": "#/components/schemas/Failure"}
CODES = {
    status.HTTP_401_UNAUTHORIZED: "invalid_credentials",
    status.HTTP_403_FORBIDDEN: "forbidden",
    status.HTTP_404_NOT_FOUND: "not_found",
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "too_large",
    status.HTTP_429_TOO_MANY_REQUESTS: "too_fast",
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API as `{code, detail, fields?}`; None lets an unexpected one become a 500."""
    error = outage(error) or error
    if isinstance(error, ChatError):
        body: dict[str, Any] = {"code": error.code, "detail": error.detail}
        if error.fields:
            body["fields"] = error.fields
        headers = {} if error.retry_after is None else {"Retry-After": str(int(error.retry_after) + 1)}
        return Response(body, status=error.status, headers=headers)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return Response({"code": "invalid", "detail": "Some fields are not valid.", "fields": fields}, status=400)
    if isinstance(error, exceptions.APIException):
        code = CODES.get(error.status_code, "invalid")
        challenge = getattr(error, "auth_header", None)
        headers = {"WWW-Authenticate": challenge} if challenge else {}
        return Response({"code": code, "detail": str(error.detail)}, status=error.status_code, headers=headers)
    return None


def describe_errors(result: dict[str, Any], **context: Any) -> dict[str, Any]:
    """Describes the one shape of errors wherever an operation does not do so itself."""
    answer = {"description": "Any error.", "content": {"application/json": {"schema": FAILURE}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", answer)
    return result
