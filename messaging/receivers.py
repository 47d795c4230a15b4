"""What happens to conversations and sockets when something happens to people."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts import signals as accounts
from accounts.services import exports
from chatsite.realtime import hub
from chatsite.types import UserId
from messaging.services import discretion, export, members

exports.contribute(export.CONTRIBUTION)


@receiver(accounts.sessions_ended)
def prove_yourselves(user_id: UserId, **_: Any) -> None:
    """Every open socket of this person, in every process, checks whether it may stay."""
    hub.order(user_id, recheck=True)


@receiver(accounts.settings_changed)
def show_or_hide_receipts(user_id: UserId, changes: dict[str, Any], **_: Any) -> None:
    """Private mode was switched: what this person does is told differently, and their sockets hear differently."""
    if "receipts" in changes:
        discretion.forget(user_id)
        hub.order(user_id, receipts=changes["receipts"])


@receiver(accounts.person_leaves)
def take_leave(user_id: UserId, **_: Any) -> None:
    """Somebody is about to be deleted: they leave their conversations, and their messages stay without a name."""
    members.take_leave(user_id)
