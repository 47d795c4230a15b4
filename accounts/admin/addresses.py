from __future__ import annotations

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models.nowhere import is_nowhere

admin.site.unregister(EmailAddress)


@admin.register(EmailAddress)
class AddressAdmin(EmailAddressAdmin):  # type: ignore[misc]
    """allauth's, which would search within addresses; they are sealed, so it takes the whole one."""

    list_display = ("address", "user", "primary", "verified")
    list_select_related = ("user",)
    search_help_text = _("Whole e-mail address, or user name.")
    sortable_by = ("user", "primary", "verified")

    @admin.display(description=_("e-mail address"))
    def address(self, row: EmailAddress) -> str:
        return "–" if is_nowhere(row.user_id, row.email) else str(row.email)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("email__exact", "user__username")
