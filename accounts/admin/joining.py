from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.rows import OfPerson, link, person
from accounts.models import Application, Invitation, User
from accounts.services import applications, invitations


class LookedAt(OfPerson):
    """Rows that are made elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Decision(admin.SimpleListFilter):
    """What became of an application."""

    title = _("decision")
    parameter_name = "decision"
    words: ClassVar = {"waiting": (None, _("waiting")), "in": (True, _("let in")), "refused": (False, _("refused"))}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, words) for key, (_approved, words) in self.words.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        chosen = self.words.get(self.value() or "")
        return queryset.filter(approved=chosen[0]) if chosen else queryset


@admin.register(Application)
class ApplicationAdmin(LookedAt):
    """Those who signed up and wait for approval."""

    list_display = (person, "decision", "created_at", "decided_at", "decided_by")
    list_display_links = ("created_at",)
    list_filter = (Decision, "created_at")
    list_select_related = ("user", "decided_by")
    ordering = ("-created_at",)
    fields = ("user", "created_at", "approved", "decided_at", "decided_by")
    actions = ("approve", "refuse")

    @admin.display(description=_("decision"), ordering="approved")
    def decision(self, row: Application) -> Any:
        return next(words for approved, words in Decision.words.values() if approved is row.approved)

    @admin.action(description=_("Let the selected people in"), permissions=["delete"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        self._decide(request, queryset, approve=True)

    @admin.action(description=_("Refuse the selected people"), permissions=["delete"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Application]) -> None:
        self._decide(request, queryset, approve=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Application], *, approve: bool) -> None:
        staff = request.user
        assert isinstance(staff, User)
        undecided = list(queryset.filter(approved=None).values_list("pk", flat=True))
        for application in undecided:
            applications.decide(staff, application, approve=approve)
        self.message_user(request, _("%(count)d decided.") % {"count": len(undecided)})


@admin.register(Invitation)
class InvitationAdmin(LookedAt):
    """Links by which people sign up. Their secrets are nowhere, not here either."""

    list_display = ("made_by_link", "note", "uses", "uses_max", "created_at", "expires_at", "state")
    list_display_links = ("created_at",)
    list_filter = ("created_at", "expires_at")
    list_select_related = ("made_by",)
    autocomplete_fields = ()
    search_fields = ("made_by__username", "note")
    search_help_text = _("User name of who made it, or its note.")
    ordering = ("-created_at",)
    fields = ("made_by", "note", "uses", "uses_max", "created_at", "expires_at", "revoked_at")
    actions = ("withdraw",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.fields

    @admin.display(description=_("made by"), ordering="made_by__username")
    def made_by_link(self, row: Invitation) -> str:
        return link(row.made_by)

    @admin.display(description=_("state"))
    def state(self, row: Invitation) -> str:
        return invitations.trouble(row) or str(_("works"))

    @admin.action(description=_("Withdraw the selected invitations"), permissions=["delete"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        staff = request.user
        assert isinstance(staff, User)
        living = list(queryset.filter(revoked_at=None).values_list("pk", flat=True))
        for invitation in living:
            invitations.withdraw(staff, invitation)
        self.message_user(request, _("%(count)d withdrawn.") % {"count": len(living)})

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what is offered, and never along a relation."""
        return lookup.split("__")[0] in self.list_filter
