"""Access tokens: JSON Web Tokens of ten minutes, signed with Ed25519.

The key pair is derived from SECRET_KEY, so every process and every restart has the same one and nothing needs storing.
Tokens signed with a key of SECRET_KEY_FALLBACKS still verify.
"""

from __future__ import annotations

import functools
import hashlib
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import RefreshToken, User
from accounts.services.tokens.passes import Pass
from chatsite.crypto import keys
from chatsite.errors import Unauthorized
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId

LIFETIME = timedelta(minutes=10)
LEEWAY = timedelta(seconds=30)  # between the clocks of two servers (SECURITY.md F14)
MAX_LENGTH = 2048  # characters; ours have about 400
ALGORITHM = "EdDSA"  # the only one ever accepted, whatever a token's header says
TYPE = "at+jwt"
AUDIENCE = "chat"
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]


class Key(NamedTuple):
    id: str
    private: Ed25519PrivateKey


def sign(token: RefreshToken) -> str:
    """The access token that goes with a refresh token. The same row gives the same text, so a repeated refresh can
    be answered with the same pair."""
    key = _keys(keys.secrets())[0]
    claims = {
        "iss": _issuer(),
        "aud": AUDIENCE,
        "sub": str(token.user_id),
        "sid": str(token.family),
        "jti": str(token.pk),
        "iat": int(token.created_at.timestamp()),
        "exp": int((token.created_at + LIFETIME).timestamp()),
    }
    return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.id, "typ": TYPE})


@as_auth()
def authenticate(text: str) -> User:
    """Whose token this is. Raises Unauthorized unless it is ours, in time, and person and session still stand."""
    claims = _claims(text)
    alive = RefreshToken.objects.filter(user=claims["sub"], family=claims["sid"], revoked=False)
    user = User.objects.filter(Exists(alive), pk=claims["sub"], is_active=True).first()
    if user is None:
        raise Unauthorized(_("The access token is not valid."))
    return user


def caller(request: HttpRequest) -> User | None:
    """Who asks for what pages and clients ask for alike: the browser's session, or an access token; None for everybody
    else. Raises Unauthorized for a token that does not stand."""
    if isinstance(request.user, User):
        return request.user
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return authenticate(text.strip()) if scheme.lower() == "bearer" else None


def read_access(text: str) -> Pass:
    """What an access token says, for a socket, which asks with `standing` whether that still holds. Asks no database.

    Raises Unauthorized unless it is ours and in time.
    """
    claims = _claims(text)
    return Pass(UserId(str(UUID(claims["sub"]))), UUID(claims["sid"]))


def family_of(text: str) -> UUID:
    """The chain of refresh tokens that an access token belongs to. Raises Unauthorized for one that is not ours."""
    return UUID(_claims(text)["sid"])


def _claims(text: str) -> dict[str, Any]:
    try:
        if len(text) > MAX_LENGTH:
            raise jwt.InvalidTokenError("too long")
        header = jwt.get_unverified_header(text)
        known = {key.id: key for key in _keys(keys.secrets())}
        if header.get("typ") != TYPE or header.get("kid") not in known:
            raise jwt.InvalidTokenError("not one of ours")
        public = known[header["kid"]].private.public_key()
        claims: dict[str, Any] = jwt.decode(
            text, public, [ALGORITHM], {"require": CLAIMS}, audience=AUDIENCE, issuer=_issuer(), leeway=LEEWAY
        )
        UUID(claims["sub"]), UUID(claims["sid"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise Unauthorized(_("The access token is not valid.")) from error
    return claims


def _issuer() -> str:
    return settings.CHAT_URL or "chat"


@functools.lru_cache(maxsize=4)
def _keys(secrets: tuple[str, ...]) -> list[Key]:
    return [_pair(keys.derive(secret, "access-token")) for secret in secrets]


def _pair(seed: bytes) -> Key:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Key(id=hashlib.sha256(public).hexdigest()[:16], private=private)
