from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now
from accounts.models.user import User


class Departure(models.Model):
    """Someone closed their account, or has it deleted at `due_at`. Until `begun_at` they may come back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="departure")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(_("deleted at"), null=True, blank=True, db_index=True)
    begun_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        db_table = "departures"
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(begun_at__isnull=True) | models.Q(due_at__isnull=False),
                name="departures_begun_check",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.due_at:%Y-%m-%d}" if self.due_at else str(self.user_id)


class RetiredName(models.Model):
    """A user name nobody gets again: what it looked like, as SHA-256, so that the name itself is gone."""

    digest = models.CharField(max_length=64, primary_key=True)
    retired_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "retired_names"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex="^[0-9a-f]{64}$"), name="retired_names_digest_form_check"
            )
        ]

    def __str__(self) -> str:
        return self.digest
