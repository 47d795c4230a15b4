from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.inlines import ProfileInline, RelationshipInline, SettingInline, TokenInline
from accounts.models import User
from accounts.models.lookalikes import TAKEN
from accounts.models.nowhere import nowhere
from accounts.services import addresses, departures, people, registration, second_factors, sessions, tokens

UNWRITTEN = {"id", "password"}  # the staff cannot read the password, and so not write it back
WRITTEN = [one.name for one in User._meta.local_concrete_fields if not one.generated and one.name not in UNWRITTEN]


class Named(ModelForm):  # type: ignore[type-arg]
    """Names are given by the rules of sign-up: nobody gets that of somebody who is gone. An address may be left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:  # not where one may only look
            self.fields["email"].required = False
            self.initial["email"] = self.instance.address

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if "username" in self.changed_data and departures.retired([name]):
            raise ValidationError(TAKEN, code="unique")
        return name

    def clean_email(self) -> str:
        return self.cleaned_data["email"] or nowhere(self.instance.pk)


class NewPersonForm(Named, AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("username", "email")


class NewPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    def save(self, commit: bool = True) -> User:
        """Sets the password and signs the person out everywhere."""
        user: User = super().save(commit)
        tokens.revoke_all(user.chat_id)
        return user


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """The staff may help people; only administrators make staff and administrators, or touch an administrator."""

    form = Named  # Django's own would show a summary of the password's hash
    add_form = NewPersonForm
    change_password_form = NewPasswordForm
    change_form_template = "admin/person.html"
    list_display = ("username", "name", "address", "is_active", "is_verified", "is_staff", "last_login", "created_at")
    list_filter = ("is_active", "is_verified", "is_staff", "is_superuser", "groups", "last_login", "created_at")
    list_select_related = ("profile",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    sortable_by = tuple(name for name in list_display if name != "address")  # sealed, it has no order
    search_fields = ("username", "email__exact", "profile__display_name")
    search_help_text = _("User name, whole e-mail address or name shown to others.")
    readonly_fields = ("id", "last_login", "created_at", "updated_at")
    reserved = ("is_staff", "is_superuser", "groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("username", "email", "is_active", "is_verified")}),
        (_("Dates"), {"fields": ("created_at", "updated_at", "last_login", "id")}),
        (_("Staff"), {"fields": reserved, "classes": ("collapse",)}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)
    inlines = (ProfileInline, RelationshipInline, SettingInline, TokenInline)

    actions = ("password_links", "forget_second_factors")

    @admin.action(description=_("Make links to choose a new password"), permissions=["change"])
    def password_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Shows a link for each of the selected people, to be handed to them; not for whom the viewer may not touch."""
        for person in queryset.filter(is_active=True):
            if _may_touch(request, person):
                self.message_user(request, f"{person.username}: {registration.password_link(person)}")

    @admin.action(description=_("Remove two-step log-in and passkeys (lost telephone)"), permissions=["change"])
    def forget_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For people who have lost everything but their password. They are signed out everywhere."""
        for person in queryset:
            if _may_touch(request, person):
                count = second_factors.forget_all(person)
                sessions.end_all(person)
                words = _("%(name)s: %(count)d removed.") % {"name": person.username, "count": count}
                self.message_user(request, words)

    @admin.display(description=_("name"), ordering="profile__display_name")
    def name(self, person: User) -> str:
        return (person.profile.display_name if hasattr(person, "profile") else None) or "–"

    @admin.display(description=_("e-mail address"))
    def address(self, person: User) -> str:
        return person.address or "–"

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what is offered, and never along a relation."""
        return lookup.split("__")[0] in {*self.list_filter, self.date_hierarchy}

    def get_inline_instances(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return super().get_inline_instances(request, obj) if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *self.reserved)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Who would go. What goes with them is nothing for the staff to see, so it is not listed."""
        kept = any(not self.has_delete_permission(request, one) for one in objs)
        words = {str(User._meta.verbose_name)} if kept else set()
        return [str(one) for one in objs], {str(User._meta.verbose_name_plural): len(objs)}, words, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        departures.strike(obj.chat_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            departures.strike(person.chat_id)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Saves; a new account gets what belongs to it, and whoever was made inactive is signed out everywhere."""
        if not change:
            super().save_model(request, obj, form, change)
            registration.complete(obj)
            return
        obj.save(update_fields=WRITTEN)
        if {"email", "is_verified"} & set(form.changed_data):
            addresses.put(obj, obj.email, verified=obj.is_verified)
        if "is_active" in form.changed_data and not obj.is_active:
            tokens.revoke_all(obj.chat_id)
        if obj.is_active and departures.of(obj):
            departures.come_back(obj.chat_id)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Saves the profile; the name is shown anew at once."""
        super().save_related(request, form, formsets, change)
        people.forget(form.instance.chat_id)


def _may_touch(request: HttpRequest, obj: Model | None) -> bool:
    return bool(request.user.is_superuser or not (isinstance(obj, User) and obj.is_superuser))
