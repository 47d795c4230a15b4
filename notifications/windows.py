"""The notifications' collections as the admin sees them. A contract test compares the fields with the documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.mongo.windows.models import BsonField, Window

TYPES = [("message", _("message")), ("friend_request", _("friend request")), ("system", _("announcement"))]


class Notification(Window):
    user_id = models.CharField(_("person"), max_length=36)
    type = models.CharField(_("type"), max_length=20, choices=TYPES)
    content = BsonField(_("content"))
    related_to = BsonField(_("related to"))
    is_read = models.BooleanField(_("read"))
    created_at = models.DateTimeField(_("told"))
    expires_at = models.DateTimeField(_("expires"))

    class Meta(Window.Meta):
        db_table = "notifications"
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")

    def __str__(self) -> str:
        return str(self.id)


class NotificationPreference(Window):
    user_id = models.CharField(_("person"), max_length=36)
    channels = BsonField(_("channels"))
    types = BsonField(_("types"))
    updated_at = models.DateTimeField(_("changed"))

    class Meta(Window.Meta):
        db_table = "notification_preferences"
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")

    def __str__(self) -> str:
        return str(self.id)
