from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, RefreshToken, Relationship, Setting, User
from accounts.services import people, tokens
from chatsite.types import UserId


@admin.display(description=_("person"), ordering="user__username")
def person(row: Any) -> SafeString:
    """A link to whose row this is."""
    return link(row.user)


@admin.display(description=_("to"), ordering="related_user__username")
def other(row: Relationship) -> SafeString:
    """A link to whom a relationship is with."""
    return link(row.related_user)


def link(user: User) -> SafeString:
    """The name of a person, linked to their page in the admin."""
    return format_html('<a href="{}">{}</a>', reverse("admin:accounts_user_change", args=[user.pk]), user.username)


class OfPerson(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that belong to a person: found by their name, made on their page or by themself."""

    list_select_related: ClassVar[tuple[str, ...]] = ("user",)
    autocomplete_fields: ClassVar[tuple[str, ...]] = ("user",)
    search_fields: ClassVar[tuple[str, ...]] = ("user__username", "user__email__exact")
    search_help_text = _("User name or whole e-mail address of the person.")
    show_full_result_count = False
    dates: ClassVar[tuple[str, ...]] = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what is offered: any other lookup in an address could guess a token's hash letter by letter."""
        field = lookup.split("__")[0]
        offered = {getattr(one, "parameter_name", one) for one in self.get_list_filter(request)}
        return field in offered or field == self.date_hierarchy

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Whose row it is does not change once it is there."""
        return ("user", *self.dates) if obj else self.dates


@admin.register(Profile)
class ProfileAdmin(OfPerson):
    list_display = ("__str__", person, "bio", "updated_at")
    list_filter = ("updated_at",)
    search_fields = (*OfPerson.search_fields, "display_name", "bio")
    search_help_text = _("User name, whole e-mail address, name shown to others or words of the description.")
    fields = ("user", "display_name", "bio", "avatar_url", "created_at", "updated_at")
    dates = ("avatar_url", "created_at", "updated_at")

    def save_model(self, request: HttpRequest, obj: Profile, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        people.forget(obj.user.chat_id)


@admin.register(Relationship)
class RelationshipAdmin(OfPerson):
    list_display = (person, other, "type", "status", "created_at", "updated_at")
    list_display_links = ("type",)
    list_filter = ("type", "status", "updated_at")
    list_select_related = ("user", "related_user")
    autocomplete_fields = ("user", "related_user")
    date_hierarchy = "created_at"
    search_fields = (*OfPerson.search_fields, "related_user__username", "related_user__email__exact")
    search_help_text = _("User name or whole e-mail address of one of the two.")
    fields = ("user", "related_user", "type", "status", "created_at", "updated_at")
    dates = ("created_at", "updated_at")


@admin.register(Setting)
class SettingAdmin(OfPerson):
    list_display = (person, "key", "value", "updated_at")
    list_display_links = ("key",)
    list_filter = ("key", "updated_at")
    search_fields = (*OfPerson.search_fields, "key")
    search_help_text = _("User name or whole e-mail address of the person, or the setting's key.")
    fields = ("user", "key", "value", "updated_at")
    dates = ("updated_at",)


@admin.register(RefreshToken)
class RefreshTokenAdmin(OfPerson):
    """Sessions of API clients. They are made by signing in; here they are looked at and ended."""

    list_display = (person, "device", "created_at", "used_at", "expires_at", "revoked", "revoked_at")
    list_display_links = ("created_at",)
    list_filter = ("revoked", "expires_at")
    date_hierarchy = "created_at"
    fields = ("user", "device", "family", "created_at", "used_at", "expires_at", "revoked", "revoked_at")

    actions = ("end",)

    @admin.action(description=_("End the sessions of the selected tokens"), permissions=["delete"])
    def end(self, request: HttpRequest, queryset: QuerySet[RefreshToken]) -> None:
        families = set(queryset.filter(revoked=False).values_list("user_id", "family"))
        for user, family in families:
            tokens.end(UserId(str(user)), family)
        self.message_user(request, _("%(count)d sessions ended.") % {"count": len(families)})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
