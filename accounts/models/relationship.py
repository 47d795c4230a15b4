from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now
from accounts.models.user import User


class Relationship(models.Model):
    """What one person has said about another, from `user` to `related_user`: table `relationships` of the plan."""

    class Type(models.TextChoices):
        FRIEND = "friend", _("friend")
        BLOCKED = "blocked", _("blocked")

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="relationships")
    related_user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="related_by")
    type = models.CharField(max_length=20, choices=Type)
    status = models.CharField(max_length=20, choices=Status)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        db_table = "relationships"
        constraints = [
            models.UniqueConstraint(fields=["user", "related_user"], name="relationships_user_id_related_user_id_key"),
            models.CheckConstraint(condition=models.Q(type__in=["friend", "blocked"]), name="relationships_type_check"),
            models.CheckConstraint(
                condition=models.Q(status__in=["pending", "accepted", "rejected"]), name="relationships_status_check"
            ),
            models.CheckConstraint(condition=~models.Q(user=models.F("related_user")), name="relationships_self_check"),
        ]
        indexes = [models.Index(fields=["related_user", "type", "status"], name="relationships_related_idx")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.related_user_id}: {self.type}, {self.status}"
