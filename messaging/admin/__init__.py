"""The staff's windows on conversations and messages. Only administrators see texts, and never in a list."""

from messaging.admin.conversation import ConversationAdmin
from messaging.admin.log import ChangeAdmin, MembershipAdmin, MessageAdmin, UploadAdmin

__all__ = ["ChangeAdmin", "ConversationAdmin", "MembershipAdmin", "MessageAdmin", "UploadAdmin"]
