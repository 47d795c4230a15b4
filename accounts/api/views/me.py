"""My own account, settings and sessions."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.views.viewer import viewer
from accounts.services import profiles, settings, tokens
from chatsite.errors import Invalid


class Me(APIView):
    @extend_schema(operation_id="me", responses={200: serializers.Me, 401: serializers.Failure})
    def get(self, request: Request) -> Response:
        """My account and profile."""
        me = viewer(request)
        return Response(serializers.me(me, profiles.profile(me.chat_id)))

    @extend_schema(
        operation_id="me_change",
        request=serializers.MyChanges,
        responses={200: serializers.Me, 400: serializers.Failure, 401: serializers.Failure},
    )
    def patch(self, request: Request) -> Response:
        """Change my display name or what I say about myself. An empty or null one is removed."""
        form = serializers.MyChanges(data=request.data)
        form.is_valid(raise_exception=True)
        me = viewer(request)
        return Response(serializers.me(me, profiles.update(me.chat_id, **form.validated_data)))


class MySettings(APIView):
    @extend_schema(operation_id="me_settings", responses={200: serializers.Settings, 401: serializers.Failure})
    def get(self, request: Request) -> Response:
        """All my settings."""
        return Response(settings.read(viewer(request).chat_id))

    @extend_schema(
        operation_id="me_settings_change",
        request=serializers.Settings,
        responses={200: serializers.Settings, 400: serializers.Failure, 401: serializers.Failure},
    )
    def patch(self, request: Request) -> Response:
        """Change some of my settings, all of them or none."""
        if not isinstance(request.data, dict):
            raise Invalid(_("An object with settings is expected."))
        return Response(settings.update(viewer(request).chat_id, request.data))


class MySessions(APIView):
    @extend_schema(operation_id="me_sessions", responses={200: serializers.Sessions, 401: serializers.Failure})
    def get(self, request: Request) -> Response:
        """The clients that are signed in as me, the last used first."""
        return Response(serializers.Sessions({"results": tokens.families(viewer(request).chat_id)}).data)


class MySession(APIView):
    @extend_schema(
        operation_id="me_session_end", responses={204: None, 401: serializers.Failure, 404: serializers.Failure}
    )
    def delete(self, request: Request, family: UUID) -> Response:
        """Sign one of my clients out."""
        tokens.end(viewer(request).chat_id, family)
        return Response(status=status.HTTP_204_NO_CONTENT)
