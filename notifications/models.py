"""No tables: notifications live in MongoDB. Django looks here for the admin's windows on them."""

from notifications.windows import Notification, NotificationPreference

__all__ = ["Notification", "NotificationPreference"]
