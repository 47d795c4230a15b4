"""Refresh tokens: a chain per log-in, each link used once (RFC 9700, 4.14).

The database holds SHA-256 of each secret, which is enough for 256 random bits. Every later secret of a chain is
HMAC(server key, secret before): a client whose answer got lost may ask again within ten seconds and get the very same
one, although nothing but hashes is stored, and also with Redis away. Without the server key nobody can step the
chain; whoever has that key could sign access tokens anyway.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import RefreshToken, User
from accounts.models.refresh_token import DEVICE_MAX
from accounts.services.tokens import access
from accounts.signals import announce, sessions_ended
from chatsite.crypto import keys
from chatsite.errors import Unauthorized
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId

PREFIX = "rt_"
SLIDING = timedelta(days=30)  # without a refresh, a chain ends
ABSOLUTE = timedelta(days=180)  # after the password was given, whatever happens
RETRY = timedelta(seconds=10)  # a repeated refresh is answered alike
TELL = "accounts.tasks.tell_of_reuse"


class Pair(msgspec.Struct, frozen=True):
    """What a client keeps. `expires_in`: seconds the access token lives."""

    access: str
    refresh: str
    expires_in: int


@as_auth()
def issue(user: User, device: str = "") -> Pair:
    """Begin a chain for someone who has just proved who they are. `device`: what the client calls itself."""
    secret = PREFIX + _text(secrets.token_bytes(32))
    now = timezone.now()
    token = RefreshToken.objects.create(
        user=user,
        token=_hash(secret),
        created_at=now,
        authenticated_at=now,
        expires_at=now + SLIDING,
        device=device[:DEVICE_MAX],
    )
    return _pair(token, secret)


@as_auth()
def refresh(secret: str) -> Pair:
    """Trade a refresh token for the next pair. Raises Unauthorized for one that is unknown, expired or revoked.

    One used before was stolen, from or by whoever asks now; the two cannot be told apart. Its whole family is revoked
    and its owner written to, and that must hold although the caller gets an error: the error is raised after the
    transaction.
    """
    with transaction.atomic():
        token = (
            RefreshToken.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(token=_hash(secret))
            .first()
        )
        pair = _turn(token, secret, timezone.now()) if token and token.user.is_active else None
    if pair is None:
        raise Unauthorized(_("The refresh token is not valid. Please log in again."))
    return pair


@as_auth()
def revoke(secret: str) -> None:
    """End the chain this secret belongs to. One that is unknown is as good as ended (RFC 7009, 2.2)."""
    token = RefreshToken.objects.filter(token=_hash(secret)).first()
    if token is not None:
        end_family(token.user_id, token.family)


@as_auth()
def revoke_all(user: UserId) -> None:
    """End every chain of a person: their password changed, or an administrator decided so."""
    RefreshToken.objects.filter(user__pk=user, revoked=False).update(revoked=True, revoked_at=timezone.now())
    announce(sessions_ended, user_id=user)


@as_auth()
def end_family(user: UUID, family: UUID) -> bool:
    """Revoke one chain of one person; False when there was nothing left to revoke."""
    living = RefreshToken.objects.filter(user=user, family=family, revoked=False)
    if not living.update(revoked=True, revoked_at=timezone.now()):
        return False
    announce(sessions_ended, user_id=UserId(str(user)))
    return True


def _turn(token: RefreshToken, secret: str, now: datetime) -> Pair | None:
    """The next pair, or None. The row is locked: of many at once, one turns the token and the others find it used."""
    if token.revoked or token.expires_at <= now:
        return None
    following = PREFIX + _text(hmac.digest(keys.derive(keys.secrets()[0], "refresh-chain"), secret.encode(), "sha256"))
    if token.used_at is None:
        token.used_at = now
        token.save(update_fields=["used_at"])
        return _pair(_child(token, following, now), following)
    child = RefreshToken.objects.filter(parent=token, used_at=None, revoked=False, token=_hash(following)).first()
    if child is not None and now - token.used_at < RETRY:
        return _pair(child, following)
    if end_family(token.user_id, token.family):
        app.configure_task(TELL).defer(user_id=str(token.user_id))
    return None


def _child(token: RefreshToken, secret: str, now: datetime) -> RefreshToken:
    return RefreshToken.objects.create(
        user_id=token.user_id,
        token=_hash(secret),
        family=token.family,
        parent=token,
        device=token.device,
        created_at=now,
        authenticated_at=token.authenticated_at,
        expires_at=min(now + SLIDING, token.authenticated_at + ABSOLUTE),
    )


def _pair(token: RefreshToken, secret: str) -> Pair:
    return Pair(access=access.sign(token), refresh=secret, expires_in=int(access.LIFETIME.total_seconds()))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
