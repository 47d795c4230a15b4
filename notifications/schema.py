"""The collections of notifications. Everything is asked for by person, so `user_id` leads."""

from chatsite.mongo.spec import Collection, Index
from notifications.documents import Notification, NotificationPreference

NOTIFICATIONS = Collection(
    "notifications",
    Notification,
    (
        Index((("user_id", 1), ("created_at", -1), ("_id", -1)), "a person's list, newest first, page by page"),
        Index(
            (("user_id", 1), ("related_to.type", 1), ("related_to.id", 1)),
            "the unread count of the bell; nothing is told twice while it is unread",
            unique=True,
            only_where={"is_read": False},
        ),
        Index(
            (("user_id", 1), ("content.conversation_id", 1)),
            "the one unread notification of a conversation, which later messages update and reading closes",
            unique=True,
            only_where={"is_read": False, "type": "message"},
        ),
        Index((("expires_at", 1),), "deletes what is past its time", expire_after=0),
    ),
)
NOTIFICATION_PREFERENCES = Collection(
    "notification_preferences",
    NotificationPreference,
    (Index((("user_id", 1),), "a person's preferences, of which there is one document", unique=True),),
)
COLLECTIONS = (NOTIFICATIONS, NOTIFICATION_PREFERENCES)
