"""My picture."""

from __future__ import annotations

from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.views.viewer import viewer
from accounts.services import avatars
from chatsite.images import BYTES_MAX, MEDIA_TYPES, Crop

REFUSALS = dict.fromkeys((400, 401, 413, 415, 507), serializers.Failure)


class PictureParser(BaseParser):
    """The body as it is, up to a byte more than is taken. What type it claims to be counts for nothing."""

    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        return bytes(stream.read(BYTES_MAX + 1))


class MyAvatar(APIView):
    parser_classes = (PictureParser,)

    @extend_schema(
        operation_id="me_avatar_put",
        parameters=[serializers.Square],
        request=dict.fromkeys(MEDIA_TYPES, OpenApiTypes.BINARY),
        responses={200: serializers.Me, **REFUSALS},
    )
    def put(self, request: Request) -> Response:
        """Make this my picture: a PNG, JPEG, GIF, WebP or AVIF file of up to 8 MiB and 40 million pixels is the body.
        It is kept as WebP in three sizes, 48, 128 and 512 pixels, without anything but its pixels; `avatar_url` names
        the one of 128, and the others stand beside it."""
        me = viewer(request)
        picture = request.data if isinstance(request.data, bytes) else b""  # no body at all gives a form without fields
        return Response(serializers.me(me, avatars.put(me.chat_id, picture, _crop(request))))

    @extend_schema(operation_id="me_avatar_remove", responses={200: serializers.Me, 401: serializers.Failure})
    def delete(self, request: Request) -> Response:
        """Have letters instead of a picture."""
        me = viewer(request)
        return Response(serializers.me(me, avatars.remove(me.chat_id)))


def _crop(request: Request) -> Crop | None:
    if not request.query_params:
        return None
    form = serializers.Square(data=request.query_params.dict())
    form.is_valid(raise_exception=True)
    return Crop(**form.validated_data)
