from __future__ import annotations

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

admin.site.unregister(EmailAddress)


@admin.register(EmailAddress)
class AddressAdmin(EmailAddressAdmin):  # type: ignore[misc]
    """allauth's, which would search within addresses; they are sealed, so it takes the whole one."""

    list_display = ("email", "user", "primary", "verified")
    list_select_related = ("user",)
    search_help_text = _("Whole e-mail address, or user name.")
    sortable_by = ("user", "primary", "verified")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("email__exact", "user__username")
