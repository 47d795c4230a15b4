"""The staff's windows on notifications. What a message said is shown to administrators only, and never in a list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.services import directory
from chatsite.mongo.windows.admin import WindowAdmin, person_column, table
from chatsite.types import UserId
from notifications import windows


class OfPerson(WindowAdmin):
    """Documents that belong to one person."""

    search_fields = ("user_id",)
    search_help_text = _("User name, name, e-mail address or id of the person; id of the document.")
    person = person_column("user_id", _("person"))

    def names(self, ids: set[UserId]) -> dict[UserId, str]:
        return directory.names(ids)

    def people_in(self, row: Any) -> list[UserId]:
        return [UserId(row.user_id)]

    def matching(self, request: HttpRequest, term: str) -> Q:
        return Q(user_id__in=directory.matching(term))


@admin.register(windows.Notification)
class NotificationAdmin(OfPerson):
    list_display = ("created_at", "person", "type", "is_read", "expires_at")
    list_filter = ("type", "is_read", "created_at")
    date_hierarchy = "created_at"
    readonly_fields = ("person", "about", "told")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        told = ("told",) if request.user.is_superuser else ()
        return ("person", "type", "about", *told, "is_read", "created_at", "expires_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only administrators' pages read the content at all."""
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.defer("content")

    @admin.display(description=_("related to"))
    def about(self, row: windows.Notification) -> str:
        return f"{row.related_to['type']} {row.related_to['id']}"

    @admin.display(description=_("content"))
    def told(self, row: windows.Notification) -> SafeString:
        return table((_("field"), _("value")), row.content.items())


@admin.register(windows.NotificationPreference)
class NotificationPreferenceAdmin(OfPerson):
    list_display = ("person", "ways", "kinds", "updated_at")
    list_display_links = ("updated_at",)
    list_filter = ("updated_at",)
    fields = ("person", "ways", "kinds", "updated_at")
    readonly_fields = ("person", "ways", "kinds")

    @admin.display(description=_("channels"))
    def ways(self, row: windows.NotificationPreference) -> str:
        return _on(row.channels)

    @admin.display(description=_("types"))
    def kinds(self, row: windows.NotificationPreference) -> str:
        return _on(row.types)


def _on(switches: dict[str, bool]) -> str:
    """The names of what is switched on."""
    return ", ".join(name for name, on in switches.items() if on) or "–"
