"""What happens to conversations and sockets when something happens to people."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts import signals as accounts
from accounts.services import exports
from chatsite.realtime import hub
from chatsite.types import UserId
from messaging.documents import Message
from messaging.services import blocks, discretion, export, members, previews, requests, saving, scheduling, typing
from messaging.signals import messages_appended

exports.contribute(export.CONTRIBUTION)


@receiver(accounts.sessions_ended)
def prove_yourselves(user_id: UserId, **_: Any) -> None:
    """Every open socket of this person, in every process, checks whether it may stay."""
    hub.order(user_id, recheck=True)


@receiver(accounts.settings_changed)
def show_or_hide(user_id: UserId, changes: dict[str, Any], **_: Any) -> None:
    """Private mode or typing was switched: what this person does is told differently, and their sockets hear
    differently."""
    if "receipts" in changes:
        discretion.forget(user_id)
        hub.order(user_id, receipts=changes["receipts"])
    if "typing" in changes:
        typing.forget(user_id)
        hub.order(user_id, typing=changes["typing"])


@receiver(accounts.block_changed)
def put_away_or_bring_back(user_id: UserId, other_id: UserId, on: bool, **_: Any) -> None:
    """Somebody blocked somebody, or does so no more."""
    for one in (user_id, other_id):
        typing.forget(one)
    (blocks.block if on else blocks.unblock)(user_id, other_id)


@receiver(accounts.friend_accepted)
def open_to_friends(user_id: UserId, other_id: UserId, **_: Any) -> None:
    """Friends need no yes to write to each other."""
    requests.befriended(user_id, other_id)


@receiver(messages_appended)
def tell_of_requests(messages: list[Message], **_: Any) -> None:
    """The first message of a conversation may be a request."""
    requests.tell_of_first(messages)


@receiver(messages_appended)
def ask_what_links_are(messages: list[Message], **_: Any) -> None:
    """From the log writer's thread, before the senders are answered: only takes note."""
    previews.asker.add(messages)


@receiver(accounts.person_leaves)
def take_leave(user_id: UserId, **_: Any) -> None:
    """Somebody is about to be deleted: they leave their conversations, and their messages stay without a name."""
    scheduling.forget(user_id)
    saving.forget(user_id)
    members.take_leave(user_id)
