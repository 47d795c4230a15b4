from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, RefreshToken, Relationship, Setting


class Shown(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of a person that are looked at, not edited, on their page."""

    extra = 0
    can_delete = False
    show_change_link = True
    classes = ("collapse",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ProfileInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Profile
    fields = ("display_name", "bio", "avatar_url")
    readonly_fields = ("avatar_url",)
    can_delete = False
    extra = 0


class RelationshipInline(Shown):
    model = Relationship
    fk_name = "user"
    verbose_name_plural = _("relationships to others")
    fields = ("related_user", "type", "status", "updated_at")


class SettingInline(Shown):
    model = Setting
    fields = ("key", "value", "updated_at")


class TokenInline(Shown):
    model = RefreshToken
    verbose_name_plural = _("API sessions")
    fields = ("device", "created_at", "expires_at", "used_at", "revoked")
