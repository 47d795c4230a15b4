"""Facts of this app, announced to the storeys above after the write holds, robustly."""

from django.dispatch import Signal

messages_appended = Signal()  # messages: list[Message], in log order per conversation; from the writer's thread
member_added = Signal()  # conversation: Conversation, user_id, by: UserId
member_removed = Signal()  # conversation: Conversation, user_id, by: UserId
scheduled_failed = Signal()  # scheduled: Scheduled
conversation_read = Signal()  # conversation_id: ObjectId, user_id: UserId, seq: int
