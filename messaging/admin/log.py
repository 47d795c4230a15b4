from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.services import directory
from chatsite.mongo.windows.admin import either, person_column, person_link, table, time
from chatsite.types import UserId
from messaging import windows
from messaging.admin.base import LogWindow, hidden, may_read, shown_cursors


@admin.register(windows.Message)
class MessageAdmin(LogWindow):
    list_display = ("seq", "conversation", "sender", "created_at", "files", "delivered", "read")
    list_display_links = ("seq", "created_at")
    list_filter = ("created_at",)
    date_hierarchy = "created_at"
    search_fields = ("content",)
    search_help_text = _(
        "Sender's user name, name, e-mail address or id; id of the message or the conversation. "
        "Administrators: also words of the text."
    )
    id_lookups = ("id", "conversation_id", "reply_to", "thread_id")
    about = ("conversation", "seq", "sender", "created_at", "updated_at")
    receipts = ("delivered_table", "read_table")
    rest = ("attachments", "reply_to", "thread_id", "thread", "mentions", *receipts, "reactions", "client_id")
    readonly_fields = ("conversation", "sender", "hidden_content", "delivered_table", "read_table")
    sender = person_column("sender_id", _("sender"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Lists never show the text, so it does not leave the database for them."""
        rows = super().get_queryset(request)
        match = request.resolver_match
        return rows.defer("content") if match and match.url_name == "messaging_message_changelist" else rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.about, "content" if may_read(request.user) else "hidden_content", *self.rest)

    def people_in(self, row: windows.Message) -> list[UserId]:
        return [UserId(row.sender_id)]

    def matching(self, request: HttpRequest, term: str) -> Q:
        condition = Q(sender_id__in=directory.matching(term))
        return condition | Q(content__icontains=term) if may_read(request.user) else condition

    @admin.display(description=_("files"))
    def files(self, row: windows.Message) -> int:
        return len(row.attachments)

    @admin.display(description=_("delivered"))
    def delivered(self, row: windows.Message) -> int:
        return len(row.delivered_to)

    @admin.display(description=_("read"))
    def read(self, row: windows.Message) -> int:
        return len(row.read_by)

    @admin.display(description=_("text"))
    def hidden_content(self, row: windows.Message) -> str:
        return hidden(row.content)

    @admin.display(description=_("delivered to"))
    def delivered_table(self, row: Any) -> SafeString | str:
        return self._receipts(row.delivered_to)

    @admin.display(description=_("read by"))
    def read_table(self, row: Any) -> SafeString | str:
        return self._receipts(row.read_by)

    def _receipts(self, receipts: list[dict[str, Any]]) -> SafeString | str:
        if not receipts:
            return "–"
        names = self.names({receipt["user_id"] for receipt in receipts})
        rows = ((person_link(receipt["user_id"], names), time(receipt["timestamp"])) for receipt in receipts)
        return table((_("person"), _("time")), rows)


@admin.register(windows.Membership)
class MembershipAdmin(LogWindow):
    list_display = ("person", "conversation", "role", "joined_at", "delivered", "read")
    list_display_links = ("role", "joined_at")
    list_filter = ("role", "joined_at")
    search_fields = ("user_id",)
    search_help_text = _("User name, name, e-mail address or id of the person; id of the conversation.")
    id_lookups = ("id", "conversation_id")
    fields = ("person", "conversation", "role", "joined_at", "joined_seq", "delivered", "read")
    readonly_fields = ("person", "conversation", "delivered", "read")
    person = person_column("user_id", _("person"))

    @admin.display(description=_("delivered up to"))
    def delivered(self, row: windows.Membership) -> int:
        return shown_cursors(row)[0]

    @admin.display(description=_("read up to"))
    def read(self, row: windows.Membership) -> int:
        return shown_cursors(row)[1]

    def people_in(self, row: windows.Membership) -> list[UserId]:
        return [UserId(row.user_id)]

    def matching(self, request: HttpRequest, term: str) -> Q:
        return Q(user_id__in=directory.matching(term))


@admin.register(windows.Upload)
class UploadAdmin(LogWindow):
    """Files without their contents, and for all but administrators without their names."""

    list_display = ("created_at", "owner", "conversation", "type", "size", "state")
    list_display_links = ("created_at",)
    list_filter = ("state", "created_at")
    date_hierarchy = "created_at"
    search_fields = ("owner_id",)
    search_help_text = _("User name, name, e-mail address or id of who sent it; type; id of the conversation or file.")
    id_lookups = ("id", "conversation_id")
    readonly_fields = ("conversation", "owner", "hidden_name")
    owner = person_column("owner_id", _("of"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        name = "name" if may_read(request.user) else "hidden_name"
        return ("conversation", "owner", name, "type", "size", "width", "height", "state", "created_at", "moved_at")

    def people_in(self, row: windows.Upload) -> list[UserId]:
        return [UserId(row.owner_id)]

    def matching(self, request: HttpRequest, term: str) -> Q:
        return either({"owner_id__in": directory.matching(term), "type": term})

    @admin.display(description=_("name"))
    def hidden_name(self, row: windows.Upload) -> str:
        return hidden(row.name)


@admin.register(windows.Change)
class ChangeAdmin(LogWindow):
    list_display = ("rev", "conversation", "kind", "actor", "created_at")
    list_display_links = ("rev", "created_at")
    list_filter = ("kind", "created_at")
    date_hierarchy = "created_at"
    search_fields = ("kind",)
    search_help_text = _(
        "User name, name, e-mail address or id of who did it; kind; id of the conversation or message."
    )
    id_lookups = ("id", "conversation_id", "message_id")
    readonly_fields = ("conversation", "actor")
    actor = person_column("actor_id", _("by"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The details of an edit hold the former text: for administrators."""
        details = ("details",) if may_read(request.user) else ()
        return ("conversation", "rev", "kind", "actor", "created_at", "message_id", "op_id", *details)

    def people_in(self, row: windows.Change) -> list[UserId]:
        return [UserId(row.actor_id)]

    def matching(self, request: HttpRequest, term: str) -> Q:
        return either({"actor_id__in": directory.matching(term), "kind": term})
