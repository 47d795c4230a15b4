from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from chatsite.types import ObjectId, UserId

MOST_COUNTED = 10_000
"""Rows. Counting a large collection reads all of its index; two hundred pages are more than anyone leafs through."""


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to MOST_COUNTED rows and offers no page beyond."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk", flat=True)[:MOST_COUNTED])


class WindowList(ChangeList):
    """A page of documents, with what its columns show beside the documents themselves read in one go."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        admin_of_windows: Any = self.model_admin
        admin_of_windows.prepare(rows)
        self.result_list = rows
        if self.result_count >= MOST_COUNTED:
            # Django would look for the first and the last day in all of them. The date filters need no such look.
            self.date_hierarchy = None


class WindowAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists, searches and shows documents. Nothing can be added, changed or deleted here."""

    actions = None
    list_per_page = 50
    ordering = ("-id",)
    paginator = BoundedPaginator
    show_full_result_count = False
    change_form_template = "admin/window.html"
    id_lookups: ClassVar[tuple[str, ...]] = ("id",)
    """The lookups in which a pasted 24-digit id is searched."""
    filters: ClassVar[tuple[str, ...]] = ()
    """Fields that an address may filter by, besides those of the filters shown."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what is offered: any other lookup in an address could guess a hidden text letter by letter."""
        field = lookup.split("__")[0]
        return field in self.filters or field in self.list_filter or field == self.date_hierarchy

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WindowList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            self.prepare([row])
        return row

    def prepare(self, rows: list[Any]) -> None:
        """Give each row the names of the people in it, read for all rows at once. Extend it for more."""
        names = self.names({person for row in rows for person in self.people_in(row)})
        for row in rows:
            row.names = names

    def people_in(self, row: Any) -> Iterable[UserId]:
        """The ids of the people this row shows."""
        return ()

    def names(self, ids: set[UserId]) -> dict[UserId, str]:
        """What to call these people."""
        return {}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What has the id or matches the words typed; all rows for nothing typed."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if len(term) == 24 and ObjectId.is_valid(term):
            return queryset.filter(either(dict.fromkeys(self.id_lookups, term))), False
        return queryset.filter(self.matching(request, term)), False

    def matching(self, request: HttpRequest, term: str) -> Q:
        """The condition for rows that match words."""
        raise NotImplementedError


def either(lookups: dict[str, Any]) -> Q:
    """The condition that any of these lookups holds."""
    condition = Q()
    for lookup, value in lookups.items():
        condition |= Q(**{lookup: value})
    return condition


def person_link(person: UserId, names: dict[UserId, str]) -> SafeString:
    """Someone's name, linked to their page in the admin."""
    options = get_user_model()._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[person])
    return format_html('<a href="{}">{}</a>', address, names.get(person, person))


def person_column(field: str, title: Any) -> Callable[[Any, Any], SafeString]:
    """A list column that links to the person whose id stands in `field`, and sorts by that id."""

    @admin.display(description=title, ordering=field)
    def column(self: Any, row: Any) -> SafeString:
        return person_link(getattr(row, field), row.names)

    return column


def time(moment: datetime) -> str:
    """A moment as lists show it, in the current time zone. Embedded ones come naive, in UTC."""
    return date_format(localtime(moment.replace(tzinfo=UTC)), "DATETIME_FORMAT")


def table(headings: Iterable[Any], rows: Iterable[Iterable[Any]]) -> SafeString:
    """A small table inside a field of a change page. Cells are escaped unless they are safe already."""
    head = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in headings))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((one,) for one in row)),) for row in rows)
    )
    return format_html('<table class="inner"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body)
