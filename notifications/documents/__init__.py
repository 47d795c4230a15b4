"""MongoDB values of the notifications app: typed, frozen, no I/O."""

from notifications.documents.notification import KEEP, Notification, RelatedTo, Type
from notifications.documents.preference import Channels, NotificationPreference, Types

__all__ = ["KEEP", "Channels", "Notification", "NotificationPreference", "RelatedTo", "Type", "Types"]
