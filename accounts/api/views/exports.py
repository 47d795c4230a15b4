"""A copy of my data."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.views.viewer import viewer
from accounts.services import exports
from chatsite.errors import NotFound


class MyExport(APIView):
    @extend_schema(
        operation_id="me_export", responses={200: serializers.Export, **dict.fromkeys((401, 404), serializers.Failure)}
    )
    def get(self, request: Request) -> Response:
        """How far my copy is. 404 where there is none, or none any more."""
        export = exports.current(viewer(request).chat_id)
        if export is None:
            raise NotFound(_("There is no copy. Ask for one first."))
        return Response(serializers.Export(export).data)

    @extend_schema(
        operation_id="me_export_make",
        request=None,
        responses={202: serializers.Export, **dict.fromkeys((401, 409), serializers.Failure)},
    )
    def post(self, request: Request) -> Response:
        """Ask for a copy of all my data, as a zip. An earlier copy is deleted; while one is being made: 409."""
        export = exports.start(viewer(request).chat_id)
        return Response(serializers.Export(export).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="me_export_remove", responses={204: None, 401: serializers.Failure})
    def delete(self, request: Request) -> Response:
        """Delete my copy, or stop making it."""
        exports.remove(viewer(request).chat_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyExportFile(APIView):
    @extend_schema(
        operation_id="me_export_file",
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **dict.fromkeys((401, 404), serializers.Failure)},
    )
    def get(self, request: Request) -> FileResponse:
        """My copy itself, for seven days after it was made."""
        found = exports.ready(viewer(request).chat_id)
        return FileResponse(default_storage.open(found.name), as_attachment=True, filename="my-data.zip")
