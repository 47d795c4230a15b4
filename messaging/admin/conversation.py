from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.services import directory
from chatsite.mongo.windows.admin import either, person_column, person_link, table, time
from chatsite.types import UserId
from messaging import windows
from messaging.admin.base import PeopleWindow, hidden, may_read, shown_cursors, shown_members, title

MOST_MEMBERS = 200  # rows of the table on a conversation's page


@admin.register(windows.Conversation)
class ConversationAdmin(PeopleWindow):
    list_display = ("title", "type", "size", "last_seq", "last_message_at", "starter", "created_at", "is_active")
    list_filter = ("type", "is_active", "last_message_at")
    date_hierarchy = "created_at"
    search_fields = ("name",)
    search_help_text = _("Name of the group; a member's user name, name, e-mail address or id; id of the conversation.")
    about = ("title", "type", "is_active", "starter", "created_at", "updated_at", "last_message_at")
    counts = ("last_seq", "last_rev", "members")
    readonly_fields = ("title", "starter", "hidden_preview", "members")
    starter = person_column("created_by", _("started by"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        preview = "last_message_preview" if may_read(request.user) else "hidden_preview"
        return (*self.about, preview, *self.counts)

    def people_in(self, row: windows.Conversation) -> list[UserId]:
        return [UserId(row.created_by), *shown_members(row)]

    def matching(self, request: HttpRequest, term: str) -> Q:
        lookups: dict[str, Any] = {"name__icontains": term}
        if people := directory.matching(term):
            lookups["participants__overlap"] = people
        return either(lookups)

    @admin.display(description=_("conversation"), ordering="name")
    def title(self, row: Any) -> str:
        return title(row, row.names)

    @admin.display(description=_("people"))
    def size(self, row: windows.Conversation) -> int:
        return len(row.participants)

    @admin.display(description=_("preview"))
    def hidden_preview(self, row: windows.Conversation) -> str:
        return hidden(row.last_message_preview)

    @admin.display(description=_("members"))
    def members(self, row: Any) -> SafeString:
        seats = list(windows.Membership.objects.filter(conversation_id=row.id).order_by("joined_at")[:MOST_MEMBERS])
        names = self.names({UserId(seat.user_id) for seat in seats})
        headings = (_("person"), _("role"), _("joined"), _("delivered up to"), _("read up to"))
        return table(
            headings,
            (
                (
                    person_link(UserId(seat.user_id), names),
                    seat.get_role_display(),
                    time(seat.joined_at),
                    *shown_cursors(seat),
                )
                for seat in seats
            ),
        )
