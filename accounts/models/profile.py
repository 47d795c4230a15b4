from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now, search_key
from accounts.models.user import User

DISPLAY_NAME_MAX = 100  # characters
BIO_MAX = 500  # characters; the column is TEXT, the limit is the plan's Drizzle example


class Profile(models.Model):
    """How a person shows themself to others: table `profiles` of the plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    display_name = models.CharField(_("name shown to others"), max_length=DISPLAY_NAME_MAX, null=True, blank=True)
    bio = models.TextField(_("about me"), max_length=BIO_MAX, null=True, blank=True)
    avatar_url = models.CharField(_("picture"), max_length=255, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())
    search_key = search_key("display_name")

    class Meta:
        db_table = "profiles"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(LessThanOrEqual(Length("bio"), BIO_MAX)), name="profiles_bio_length_check"
            )
        ]
        indexes = [models.Index(fields=["search_key", "user"], name="profiles_search_key_idx")]

    def __str__(self) -> str:
        return self.display_name or self.user.username
