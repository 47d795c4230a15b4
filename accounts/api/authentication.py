from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.services import tokens
from chatsite.errors import Unauthorized


class AccessTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`. Without that header other ways in are tried; with a bad one none is."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            return tokens.authenticate(text.strip()), text
        except Unauthorized as error:
            raise AuthenticationFailed(error.detail) from error

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
