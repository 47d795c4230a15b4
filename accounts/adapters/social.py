from __future__ import annotations

import copy
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

PROVIDER_ID = "provider"
LINK_KEY = "oidc-link"  # in the session: a log-in at the provider that waits for the account's owner


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The one OpenID Connect provider of the settings, and what its word is worth here."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": gettext_lazy("Choose a password first: you could not log in any more."),
    }

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """What the three variables say; allauth would ask its table as well, on every page of log-in."""
        named = provider in (None, "openid_connect", PROVIDER_ID) and client_id in (None, settings.OIDC_CLIENT_ID)
        if not (settings.OIDC_URL and named):
            return []
        app = SocialApp(
            provider="openid_connect",
            provider_id=PROVIDER_ID,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={"server_url": settings.OIDC_URL, "oauth_pkce_enabled": True},
        )
        return [app]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Somebody's address makes nobody them. Who comes with the proven address of an account here that is not yet
        connected has to log in to it once; with an unproven address they are told nothing and get nothing."""
        process = sociallogin.state.get("process")
        if sociallogin.is_existing or process not in (None, AuthProcess.LOGIN) or owner_of(sociallogin) is None:
            return
        request.session[LINK_KEY] = sociallogin.serialize()
        messages.info(request, _("There is an account with your address here. Log in to it once to connect the two."))
        query = urlencode({"next": reverse("oidc-link")})
        raise ImmediateHttpResponse(redirect(f"{reverse('account_login')}?{query}"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(settings.OIDC_SIGNUP or super().is_open_for_signup(request, sociallogin))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """The name that the provider knows, without what no name has here: the person corrects it on the form."""
        user: User = super().populate_user(request, sociallogin, data)
        user.username = user.username.partition("@")[0]
        return user

    def serialize_instance(self, instance: Model) -> dict[str, Any]:
        """For the session, without what the database fills in itself: allauth cannot write that down."""
        bare = copy.copy(instance)
        for name, value in list(vars(bare).items()):
            if isinstance(value, DatabaseDefault):
                del vars(bare)[name]
        written: dict[str, Any] = super().serialize_instance(bare)
        return written

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("security")

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: BaseForm | None = None) -> User:
        """Saves someone new with the name they chose. Their way in is the provider; a password they may add. Where no
        mail can prove an address, only one that the provider vouches for becomes theirs."""
        if not settings.CHAT_MAIL:
            sociallogin.email_addresses = [one for one in sociallogin.email_addresses if one.verified]
        user: User = super().save_user(request, sociallogin, form)
        return user


def owner_of(sociallogin: SocialLogin) -> User | None:
    """Whose account here has an address that the provider has proven to be this person's."""
    for address in sociallogin.email_addresses:
        found: list[User] = filter_users_by_email(address.email, prefer_verified=True, for_login=True)
        if address.verified and found:
            return found[0]
    return None
