"""Leaving."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.views.tokens import PAUSE, prove
from accounts.api.views.viewer import viewer
from accounts.services import departures
from chatsite.errors import Invalid, TooFast

REFUSALS = dict.fromkeys((400, 401, 403, 409, 429), serializers.Failure)


class MyDeparture(APIView):
    @extend_schema(
        operation_id="me_departure_make",
        request=serializers.Leaving,
        responses={201: serializers.Departure, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Close my account, or have it deleted. All my sessions end at once. One comes back by logging in on the site
        and saying so. The last administrator cannot leave (409)."""
        form = serializers.Leaving(data=request.data)
        form.is_valid(raise_exception=True)
        me = viewer(request)
        _prove(request, me.username, form.validated_data["password"])
        prove(me, form.validated_data["otp"])
        go = departures.delete if form.validated_data["kind"] == "deleted" else departures.close
        return Response(serializers.Departure(go(me.chat_id)).data, status=status.HTTP_201_CREATED)


def _prove(request: Request, username: str, password: str) -> None:
    try:
        user = get_adapter().authenticate(request._request, username=username, password=password)
    except ValidationError as error:  # allauth's limit on wrong passwords
        raise TooFast(_("Too many wrong passwords. Please wait some minutes."), retry_after=PAUSE) from error
    if user is None:
        words = _("This is not your password.")
        raise Invalid(words, fields={"password": [words]})
