"""The browsers a person is signed in with, as allauth keeps them, and ending them."""

from __future__ import annotations

import ipaddress
import time
from datetime import datetime

import msgspec
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import devices, tokens
from accounts.signals import announce, sessions_ended
from chatsite.errors import NotFound
from chatsite.memory import Memory
from chatsite.postgres import absence
from chatsite.postgres.scope import as_auth

NOTED_EVERY = 300.0  # seconds between two notes of the same session being in use
COARSE = {4: 24, 6: 48}  # bits of an address that are shown: a town, not a house
_noted: Memory[str, bool] = Memory(NOTED_EVERY)


class Browser(msgspec.Struct, frozen=True):
    """A browser that is signed in. `place`: the net it came from; `current`: it is the one that asks."""

    id: int
    device: str
    place: str
    began_at: datetime
    seen_at: datetime
    current: bool


def note(request: HttpRequest) -> None:
    """Someone uses a session: when, from where and with what is noted every five minutes. Costs nothing in between."""
    key = request.session.session_key
    if key is not None and not _noted.believed(key):
        absence.or_known(lambda: _note(request, key), None)


@as_auth()
def _note(request: HttpRequest, key: str) -> None:
    if not request.user.is_authenticated:
        return
    _noted.learn({key: True}, time.monotonic())
    try:
        UserSession.objects.create_from_request(request)
    except PermissionDenied:  # allauth's word for a request without an address, as through a unix socket
        return


@as_auth()
def browsers(me: User, current: str | None) -> list[Browser]:
    """The browsers I am signed in with, the last seen first. `current`: the key of the session that asks."""
    rows = UserSession.objects.purge_and_list(me)
    rows.sort(key=lambda row: (row.session_key != current, -row.last_seen_at.timestamp()))
    return [
        Browser(
            id=row.pk,
            device=devices.describe(row.user_agent),
            place=coarse(row.ip),
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            current=row.session_key == current,
        )
        for row in rows
    ]


@as_auth()
def end(me: User, browser: int) -> None:
    """Sign one of my browsers out, and close what it has open. Raises NotFound where it is none of mine."""
    session = UserSession.objects.filter(user=me, pk=browser).first()
    if session is None:
        raise NotFound(_("There is no such session."))
    _end(session)
    announce(sessions_ended, user_id=me.chat_id)


@as_auth()
def end_others(me: User, current: str | None) -> None:
    """Sign me out everywhere but here: all other browsers, and all clients of the API."""
    for session in UserSession.objects.filter(user=me):
        if session.session_key != current:
            _end(session)
    tokens.revoke_all(me.chat_id)


def end_all(me: User) -> None:
    """Sign someone out everywhere."""
    end_others(me, None)


def _end(session: UserSession) -> None:
    _noted.forget(session.session_key)
    session.end()


def coarse(address: str) -> str:
    """The net that an address is in, as it is shown: 192.0.2.7 is 192.0.2.0/24. What is no address stays as it is."""
    try:
        net = ipaddress.ip_interface(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((net.ip, COARSE[net.version]), strict=False))
