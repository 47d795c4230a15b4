from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.lookups import Exact

from accounts.declared import CHOICES, SWITCHES
from accounts.models.fields import JsonType, Now
from accounts.models.user import User


def _holds(keys: list[str], kind: str) -> models.Q:
    """Where the key is one of these, the value is of this kind."""
    return ~models.Q(key__in=keys) | models.Q(Exact(JsonType("value"), models.Value(kind)))


class Setting(models.Model):
    """One setting of one person: table `settings` of the plan. The database checks a value's kind by the declarations;
    which values there are may change with a version, and is the service's question."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="settings")
    key = models.CharField(max_length=50)
    value = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        db_table = "settings"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="settings_user_id_key_key"),
            models.CheckConstraint(
                condition=_holds(SWITCHES, "boolean") & _holds(CHOICES, "string"), name="settings_value_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value!r}"
