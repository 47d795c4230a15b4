"""What this app listens to. The lower apps announce robustly: what fails here fails nobody there."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.services import exports
from accounts.signals import friend_accepted, friend_requested, person_leaves
from chatsite.types import ObjectId, UserId
from messaging.documents import Conversation, Message, Scheduled
from messaging.signals import conversation_read, member_removed, messages_appended, scheduled_failed
from notifications.collector import Collector
from notifications.services import away, export, telling

exports.contribute(export.CONTRIBUTION)
collector = Collector(away.tell)
EVERYTHING = 2**53  # beyond any seq


@receiver(messages_appended)
def gather_messages(messages: list[Message], **_: Any) -> None:
    """From the log writer's thread, before the senders are answered: only takes note."""
    collector.add(messages)


@receiver(conversation_read)
def gather_reading(conversation_id: ObjectId, user_id: UserId, seq: int, **_: Any) -> None:
    collector.read(user_id, conversation_id, seq)


@receiver(member_removed)
def gather_removal(conversation: Conversation, user_id: UserId, **_: Any) -> None:
    """What leads to a conversation one is no longer in is not offered as unread."""
    collector.read(user_id, conversation.id, EVERYTHING)


@receiver(friend_requested)
def tell_of_request(user_id: UserId, other_id: UserId, **_: Any) -> None:
    telling.friend_requested(user_id, other_id)


@receiver(friend_accepted)
def tell_of_acceptance(user_id: UserId, other_id: UserId, **_: Any) -> None:
    telling.friend_accepted(user_id, other_id)


@receiver(scheduled_failed)
def tell_of_unsent(scheduled: Scheduled, **_: Any) -> None:
    telling.not_sent(scheduled)


@receiver(person_leaves)
def forget_everything(user_id: UserId, **_: Any) -> None:
    """Somebody is about to be deleted: what they were told, and what they wanted to hear of, goes."""
    telling.forget(user_id)
