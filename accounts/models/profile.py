from __future__ import annotations

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now, search_key
from accounts.models.texts import ONE_LINE, PARAGRAPHS, TIDY, Refuses, at_most, constraints
from accounts.models.user import User

DISPLAY_NAME_MAX = 100  # characters
BIO_MAX = 500  # characters; the column is TEXT, the limit is the plan's Drizzle example
AVATARS = "/avatars/"  # what every address of a picture begins with


class Profile(models.Model):
    """How a person shows themself to others: table `profiles` of the plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    display_name = models.CharField(
        _("name shown to others"),
        max_length=DISPLAY_NAME_MAX,
        null=True,
        blank=True,
        validators=[Refuses(*ONE_LINE), Refuses(*TIDY)],
        error_messages={"max_length": at_most(DISPLAY_NAME_MAX)},
    )
    bio = models.TextField(
        _("about me"),
        max_length=BIO_MAX,
        null=True,
        blank=True,
        validators=[MaxLengthValidator(BIO_MAX, at_most(BIO_MAX)), Refuses(*PARAGRAPHS)],
    )
    avatar_url = models.CharField(_("picture"), max_length=255, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())
    search_key = search_key("display_name")

    class Meta:
        db_table = "profiles"
        constraints = [
            *constraints("profiles", "display_name", [ONE_LINE, TIDY], least=1, most=DISPLAY_NAME_MAX),
            *constraints("profiles", "bio", [PARAGRAPHS], least=1, most=BIO_MAX),
            models.CheckConstraint(
                condition=models.Q(avatar_url__startswith=AVATARS), name="profiles_avatar_url_prefix_check"
            ),
        ]
        indexes = [
            models.Index(fields=["search_key", "user"], name="profiles_search_key_idx"),
            models.Index(fields=["avatar_url"], name="profiles_avatar_url_idx"),
        ]

    def __str__(self) -> str:
        return self.display_name or self.user.username

    def clean(self) -> None:
        """What is empty is nothing."""
        self.display_name, self.bio = self.display_name or None, self.bio or None
