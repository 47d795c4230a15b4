"""Files for messages: begun, sent piece by piece, taken up again after a break."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from chatsite.errors import Invalid
from messaging.api.answers import UploadData, answer
from messaging.api.requests import NewFile, NoQuery, body, me, query
from messaging.documents import Upload
from messaging.services import attachments, uploads

OFFSET = "Upload-Offset"
PLACE = re.compile(r"\d{1,15}")


class Uploads(APIView):
    @extend_schema(operation_id="attachments_begin", request=NewFile, responses={201: UploadData})
    def post(self, request: Request) -> HttpResponse:
        """Say that a file is to come, for a message in this conversation. Then PATCH its bytes to its address, and name
        its `id` among the `attachments` of the message. What no message has within a week is deleted."""
        query(request, NoQuery)
        wanted = body(request, NewFile)
        begun = uploads.begin(me(request), wanted.conversation_id, wanted.name, wanted.size)
        response = answer(shown(begun), 201)
        response["Location"] = f"{request.path}{begun.id}/"
        return response


class OneUpload(APIView):
    @extend_schema(operation_id="attachment", responses=UploadData)
    def get(self, request: Request, attachment_id: str) -> HttpResponse:
        """How far a file of mine has come. HEAD says it too, in `Upload-Offset`."""
        return _answer(uploads.mine(me(request), attachment_id))

    @extend_schema(
        operation_id="attachment_piece",
        parameters=[OpenApiParameter(OFFSET, int, OpenApiParameter.HEADER, required=True)],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=UploadData,
    )
    def patch(self, request: Request, attachment_id: str) -> HttpResponse:
        """The next piece of a file of mine. `Upload-Offset` is where it belongs, which must be where the file ends so
        far; 409 at any other place. After the last byte it is looked at; an empty piece there does so again after a
        503."""
        place = request.headers.get(OFFSET, "")
        if not PLACE.fullmatch(place):
            raise Invalid(_("Upload-Offset must say where the piece belongs."))
        # not `request.data`: the body is read as it is stored, and not before
        return _answer(uploads.receive(me(request), attachment_id, int(place), request._request))

    @extend_schema(operation_id="attachment_cancel", responses={204: None})
    def delete(self, request: Request, attachment_id: str) -> HttpResponse:
        """Do not send this file after all. 409 where a message has it already."""
        uploads.cancel(me(request), attachment_id)
        return HttpResponse(status=204)


def _answer(upload: Upload) -> HttpResponse:
    response = answer(shown(upload))
    response[OFFSET] = str(upload.received)
    return response


def shown(upload: Upload) -> UploadData:
    whole = upload.state != "open"
    return UploadData(
        id=str(upload.id),
        conversation_id=str(upload.conversation_id),
        name=upload.name,
        size=upload.size,
        offset=upload.received,
        piece_max=uploads.PIECE_MAX,
        state="ready" if whole else "open",
        type=upload.type if whole else None,
        url=attachments.attachment(upload).url if whole else None,
        width=upload.width,
        height=upload.height,
    )
