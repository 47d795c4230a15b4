"""No tables: conversations live in MongoDB. Django looks here for the admin's windows on them."""

from messaging.windows import Change, Conversation, Membership, Message

__all__ = ["Change", "Conversation", "Membership", "Message"]
