"""Signing clients in, keeping them signed in, signing them out."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.api.views.viewer import viewer
from accounts.forms.second_factors import SecondFactor
from accounts.models import User
from accounts.services import addresses, second_factors, tokens
from accounts.services.tokens import Pair, tickets
from chatsite.errors import CodeRequired, CodeWrong, Forbidden, TooFast, Unauthorized
from chatsite.postgres.scope import as_auth

PAUSE = 60.0  # seconds a client is asked to wait after too many wrong passwords


class Public(APIView):
    """Open to everyone. Cookies count for nothing here, so CSRF cannot either."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Token(Public):
    @extend_schema(
        operation_id="auth_token",
        request=serializers.Credentials,
        responses={
            200: serializers.TokenPair,
            400: serializers.Failure,
            401: serializers.Failure,
            403: serializers.Failure,
            429: serializers.Failure,
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Sign in. Wrong password, unknown person and closed account get the same answer after the same work.

        Who gave the right password to an account with two-step log-in gets `otp_required` or `otp_invalid`.
        """
        form = serializers.Credentials(data=request.data)
        form.is_valid(raise_exception=True)
        user = _person(request, form.validated_data["login"], form.validated_data["password"])
        prove(user, form.validated_data["otp"])
        device = form.validated_data["device"] or _product(request)
        return _answer(tokens.issue(user, device))


class Refresh(Public):
    @extend_schema(
        operation_id="auth_token_refresh",
        request=serializers.RefreshSecret,
        responses={200: serializers.TokenPair, 400: serializers.Failure, 401: serializers.Failure},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Trade a refresh token for the next pair. One used twice ends the session, but for a repeat within 10 s."""
        form = serializers.RefreshSecret(data=request.data)
        form.is_valid(raise_exception=True)
        return _answer(tokens.refresh(form.validated_data["refresh"]))


class Revoke(Public):
    @extend_schema(
        operation_id="auth_token_revoke",
        request=serializers.RefreshSecret,
        responses={204: None, 400: serializers.Failure},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Sign out: end the session this refresh token belongs to."""
        form = serializers.RefreshSecret(data=request.data)
        form.is_valid(raise_exception=True)
        tokens.revoke(form.validated_data["refresh"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class Ticket(APIView):
    @extend_schema(
        operation_id="auth_ticket", request=None, responses={200: serializers.Ticket, 401: serializers.Failure}
    )
    def post(self, request: Request) -> Response:
        """A ticket for the first frame of a socket, where no header can carry the access token."""
        family = tokens.family_of(request.auth) if isinstance(request.auth, str) else None
        ticket = tokens.issue_ticket(viewer(request).chat_id, family)
        return Response({"ticket": ticket, "expires_in": tickets.LIFETIME})


def _person(request: Request, login: str, password: str) -> User:
    try:
        user = get_adapter().authenticate(request._request, username=login, password=password)
    except ValidationError as error:  # allauth's limit on wrong passwords
        raise TooFast(_("Too many wrong passwords. Please wait some minutes."), retry_after=PAUSE) from error
    if user is None or not user.is_active:
        raise Unauthorized(_("This name and this password do not belong together."))
    return cast("User", user)


@as_auth()
def prove(user: User, otp: str) -> None:
    """What the log-in page asks for besides the password. Recovery codes do for those who have passkeys only."""
    if not addresses.is_proven(user):
        raise Forbidden(_("The e-mail address is not confirmed yet. Log in with a browser once."))
    if not second_factors.asked_of(user):
        return
    if not otp:
        raise CodeRequired(_("This account asks for a code of its authenticator app, or a recovery code."))
    form = SecondFactor(user=user, data={"code": otp})
    if not form.is_valid():
        if form.has_error("code", "too_many_login_attempts"):
            raise TooFast(_("Too many wrong codes. Please wait some minutes."), retry_after=PAUSE)
        raise CodeWrong(_("This code is not right. Each works once."))
    form.authenticator.record_usage()


def _product(request: Request) -> str:
    """The first product of the client's User-Agent: `Mozilla/5.0 (…)` gives `Mozilla`."""
    return str(request.headers.get("User-Agent", "")).split("/")[0].split(" ")[0].replace("\0", "")


def _answer(pair: Pair) -> Response:
    body = {"access": pair.access, "refresh": pair.refresh, "expires_in": pair.expires_in}
    return Response(body, headers={"Cache-Control": "no-store"})
