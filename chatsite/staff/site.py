from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from chatsite.postgres import scope
from chatsite.staff import figures

HIDDEN = ("mfa", "socialaccount", "usersessions")  # secrets and sessions of people: nobody's but theirs
FIRST = ("accounts", "messaging", "notifications")  # apps, before Django's and others' own


class StaffSite(admin.AdminSite):
    site_header = settings.CHAT_NAME
    site_title = settings.CHAT_NAME
    index_title = _("Overview")
    index_template = "admin/overview.html"

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """People sign in by the site's own page, with its limits and second factors, never by a second door."""
        return super().login(request, extra_context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every view of the admin works under the role of the staff, as soon as it is known that one of them asks."""

        @wraps(view)
        def staffed(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request):
                scope.declare(scope.staff(str(request.user.pk)))
            return view(request, *args, **kwargs)

        return super().admin_view(staffed, cacheable)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Registers models as ever, but not those of allauth that show what guards an account."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        shown = [model for model in models if model._meta.app_label not in HIDDEN]
        super().register(shown, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The start page: what there is, and how much was said each day."""
        return super().index(request, {**(extra_context or {}), "figures": figures.current()})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The chat's own apps first, in the order of the house."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: FIRST.index(app["app_label"]) if app["app_label"] in FIRST else len(FIRST))
