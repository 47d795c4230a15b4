from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import directory
from chatsite.mongo.windows.admin import WindowAdmin
from chatsite.types import UserId
from messaging import windows


class PeopleWindow(WindowAdmin):
    """A window whose rows name people."""

    def names(self, ids: set[UserId]) -> dict[UserId, str]:
        return directory.names(ids)


class LogWindow(PeopleWindow):
    """A window on something that belongs to a conversation: its rows say which."""

    filters = ("conversation_id",)

    def prepare(self, rows: list[Any]) -> None:
        super().prepare(rows)
        found = windows.Conversation.objects.defer("last_message_preview").in_bulk(
            list({row.conversation_id for row in rows})
        )
        members = {person for one in found.values() for person in shown_members(one)}
        names = self.names(members)
        titles = {one.id: title(one, names) for one in found.values()}
        for row in rows:
            row.conversation_title = titles.get(row.conversation_id) or str(row.conversation_id)

    @admin.display(description=_("conversation"), ordering="conversation_id")
    def conversation(self, row: Any) -> SafeString:
        address = reverse("admin:messaging_conversation_change", args=[row.conversation_id])
        return format_html('<a href="{}">{}</a>', address, row.conversation_title)


def shown_members(conversation: windows.Conversation) -> list[UserId]:
    """Who stands in for the name of a conversation without one."""
    return [] if conversation.name else conversation.participants[:3]


def title(conversation: windows.Conversation, names: dict[UserId, str]) -> str:
    """What to call a conversation: its name, or some of its members."""
    if conversation.name:
        return conversation.name
    members = ", ".join(names.get(person, person) for person in shown_members(conversation))
    return members or _t("Nobody")


def may_read(user: User | AnonymousUser) -> bool:
    """Whether this member of the staff may read what others wrote: administrators only."""
    return user.is_active and user.is_superuser


def hidden(text: str | None) -> str:
    """What stands in the place of a text one may not read: how long it is."""
    return _t("Hidden: %(count)d characters. Only administrators may read them.") % {"count": len(text or "")}


def shown_cursors(seat: windows.Membership) -> tuple[int, int]:
    """How far someone got, (delivered, read), as the others may know it: private mode holds here as well."""
    delivered, read = seat.shown_delivered_seq, seat.shown_read_seq
    return seat.delivered_seq if delivered is None else delivered, seat.read_seq if read is None else read
