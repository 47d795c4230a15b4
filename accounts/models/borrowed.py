"""Columns of Django's and allauth's tables that are sealed as our own are, or hold less than they could.

account_emailaddress.email     found by the whole address
django_session.session_key     whoever has it is signed in, so a stolen dump must not show it
django_session.session_data    addresses and codes of people who are signing in
usersessions…session_key       the same key
usersessions…user_agent        what somebody used
usersessions…ip                the network somebody came from, not the address
mfa_authenticator.data         passkeys; TOTP secrets and recovery codes are sealed by adapters/mfa.py
"""

from __future__ import annotations

from django.apps import apps
from django.db import models

from accounts.models.fields import NetworkField, SealedEmailField
from chatsite.crypto.borrowing import borrow
from chatsite.crypto.fields import SealedCharField, SealedMembersField, SealedTextField, StandIn


class PasskeyField(SealedMembersField):
    members = ("credential", "name")


COLUMNS: list[tuple[str, str, str, type[StandIn]]] = [
    ("account", "EmailAddress", "email", SealedEmailField),
    ("sessions", "Session", "session_key", SealedCharField),
    ("sessions", "Session", "session_data", SealedTextField),
    ("usersessions", "UserSession", "session_key", SealedCharField),
    ("usersessions", "UserSession", "user_agent", SealedTextField),
    ("usersessions", "UserSession", "ip", NetworkField),
    ("mfa", "Authenticator", "data", PasskeyField),
    ("socialaccount", "SocialAccount", "extra_data", SealedMembersField),
    ("socialaccount", "SocialToken", "token", SealedTextField),
    ("socialaccount", "SocialToken", "token_secret", SealedTextField),
]
NAMELESS = [("account", "EmailAddress"), ("usersessions", "UserSession")]
"""Their text is what is sealed, and the admin's log keeps the text of each row that it changes, in the clear."""


def borrow_columns() -> None:
    """Once, while the apps get ready. Apps that are not installed have nothing to seal."""
    for app, model, name, kind in COLUMNS:
        if app in apps.app_configs:
            borrow(apps.get_model(app, model), name, kind)
    for app, model in NAMELESS:
        if app in apps.app_configs:
            apps.get_model(app, model).__str__ = _kind_and_number  # type: ignore[assignment]


def _kind_and_number(row: models.Model) -> str:
    return f"{row._meta.verbose_name} {row.pk}"
