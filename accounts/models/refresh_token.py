from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from accounts.models.fields import Now, WithheldField
from accounts.models.user import User

DEVICE_MAX = 100  # characters


class RefreshToken(models.Model):
    """One link in a chain of API log-ins: table `refresh_tokens` of the plan.

    `authenticated_at` is when the person gave their password; no chain outlives that by more than the absolute limit.
    `device` is what the client calls itself, for the list of sessions.

    `token` holds the SHA-256 of the secret as hex, never the secret. The tokens that one log-in led to share
    a `family`; using one a second time revokes them all (RFC 9700, 4.14).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_tokens")
    token = WithheldField(max_length=255, unique=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked = models.BooleanField(default=False, db_default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    family = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    parent = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="child")
    used_at = models.DateTimeField(null=True, blank=True)
    authenticated_at = models.DateTimeField(db_default=Now(), editable=False)
    device = models.CharField(max_length=DEVICE_MAX, default="", db_default="", blank=True)

    class Meta:
        db_table = "refresh_tokens"
        indexes = [models.Index(fields=["expires_at"], name="refresh_tokens_expires_idx")]

    def __str__(self) -> str:
        return f"{self.user_id}, until {self.expires_at:%Y-%m-%d}"
