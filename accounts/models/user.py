from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from accounts.models.fields import Now, SealedEmailField, WithheldField, search_key
from accounts.models.lookalikes import TAKEN, SkeletonField, skeleton
from accounts.models.nowhere import is_nowhere
from accounts.models.texts import at_most, constraints
from accounts.models.usernames import ALPHABET, FORM, NOT_RESERVED, USERNAME_MAX, USERNAME_MIN, VALIDATORS
from chatsite.postgres.scope import as_auth
from chatsite.types import UserId


class UserManager(BaseUserManager["User"]):
    """Makes and finds accounts. User names keep their letter case and are unique without it. Whoever signs people up
    calls `services.registration`, which makes the profile as well."""

    @as_auth()
    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username), email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, email, password, **{"is_staff": True, "is_superuser": True, **fields})

    @as_auth()
    def get_by_natural_key(self, username: str | None) -> User:
        return self.named(username or "").get()

    def named(self, username: str) -> models.QuerySet[User]:
        """The person of this name, in any letter case; found by index. Nobody where no name can be like this."""
        return self.none() if "\0" in username else self.filter(search_key=Lower(models.Value(username)))

    def looking_like(self, usernames: Iterable[str]) -> models.QuerySet[User]:
        """Those whose names a reader could take for one of these."""
        return self.filter(skeleton__in={skeleton(one) for one in usernames})


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in: table `users` of the plan, with Django's staff columns added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    email = SealedEmailField(_("e-mail address"), max_length=255, unique=True)
    username = models.CharField(
        _("user name"),
        max_length=USERNAME_MAX,
        unique=True,
        validators=VALIDATORS,
        error_messages={"max_length": at_most(USERNAME_MAX), "unique": TAKEN},
    )
    skeleton = SkeletonField("username")
    password = WithheldField(_("password"), max_length=255, db_column="password_hash")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())
    last_login = models.DateTimeField(_("last log-in"), null=True, blank=True, db_column="last_login_at")
    is_active = models.BooleanField(_("active"), default=True, db_default=True)
    is_verified = models.BooleanField(_("verified"), default=False, db_default=False)
    is_staff = models.BooleanField(_("staff"), default=False, db_default=False)
    is_superuser = models.BooleanField(_("administrator"), default=False, db_default=False)
    search_key = search_key("username")

    objects: ClassVar[UserManager] = UserManager()

    PUBLIC: ClassVar = ("username", "created_at", "is_active", "is_staff")
    """What everybody may know: who acts for a person cannot read more of others (chatsite/postgres/policies.py)."""

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        db_table = "users"
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="users_username_lower_key",
                violation_error_message=TAKEN,
            ),
            *constraints("users", "username", [FORM, ALPHABET], least=USERNAME_MIN, most=USERNAME_MAX, form="NFKC"),
            NOT_RESERVED,
        ]
        indexes = [
            models.Index(fields=["search_key", "id"], name="users_search_key_idx"),
            models.Index(Upper("username"), name="users_username_upper_idx"),  # username__iexact, as allauth asks
        ]

    def __str__(self) -> str:
        return self.username

    def clean(self) -> None:
        """Raises ValidationError where somebody else has a name that looks like this one."""
        super().clean()
        if self.username and User.objects.looking_like([self.username]).exclude(pk=self.pk).exists():
            raise ValidationError({"username": TAKEN}, code="unique")

    @property
    def address(self) -> str:
        """Their e-mail address, to be shown and written to. Empty where they have none, as `email` cannot be."""
        return "" if is_nowhere(self.pk, self.email) else self.email

    @property
    def chat_id(self) -> UserId:
        """This person's id as MongoDB documents and frames write it."""
        return UserId(str(self.pk))

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username
