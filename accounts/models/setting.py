from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from accounts.models.fields import Now
from accounts.models.user import User


class Setting(models.Model):
    """One setting of one person: table `settings` of the plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="settings")
    key = models.CharField(max_length=50)
    value = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        db_table = "settings"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="settings_user_id_key_key")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value!r}"
