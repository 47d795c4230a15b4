from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now, WithheldField
from accounts.models.user import User

NOTE_MAX = 100  # characters


class Invitation(models.Model):
    """A link by which people sign up. `token` is the SHA-256 of its secret as hex; the secret is nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    token = WithheldField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    note = models.CharField(_("for whom"), max_length=NOTE_MAX, default="", db_default="", blank=True)
    uses = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    uses_max = models.PositiveIntegerField(_("how many people"), default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "invitations"
        constraints = [
            models.CheckConstraint(condition=models.Q(uses__lte=models.F("uses_max")), name="invitations_not_overused")
        ]

    def __str__(self) -> str:
        return self.note or f"{self.made_by_id}, until {self.expires_at:%Y-%m-%d}"
