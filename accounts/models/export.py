from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now
from accounts.models.user import User


class Export(models.Model):
    """A person's copy of all their data, being made or to be fetched until `expires_at`. There is one per person.

    `done` of `total` rows are written; `moved_at` is when that was last noted. `file` is its name in the storage.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="export")
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=255, default="", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    moved_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "exports"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "ready", "failed"]), name="exports_state_check"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | (models.Q(expires_at__isnull=False) & ~models.Q(file="")),
                name="exports_ready_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.state}"
