"""Log-in by the OpenID Connect provider, and connecting an account there with one here."""

from __future__ import annotations

from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.adapters.social import LINK_KEY, owner_of
from accounts.views.viewer import viewer


class Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's, taking nothing on trust: every id token's signature is checked, and the two answers of the provider
    must be about the same person (OpenID Connect Core, 5.3.2)."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        signed = kwargs["response"].get("id_token")
        if not isinstance(signed, str):
            raise OAuth2Error("the provider sent no id token")
        claims = self._decode_id_token(app, signed)
        told = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else claims
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("the provider spoke of two people")
        told["email_verified"] = told.get("email_verified") in (True, "true")  # some send words, and "false" is true
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told, "id_token": claims})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (KeyError, TypeError) as error:  # no id of a key, or a key of another kind than the token says
            raise OAuth2Error("the id token does not fit the provider's keys") from error
        return claims


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider. A GET asks first: no link elsewhere may log somebody in.

    The way there is a page that goes on by itself: browsers hold redirects of a form against `form-action`, and where
    the provider lets people log in is not known beforehand.
    """
    try:
        response: HttpResponse = OAuth2LoginView.adapter_view(Provider(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except requests.RequestException:
        return render(request, "socialaccount/authentication_error.html", status=503)
    if request.method == "POST" and response.status_code == 302:
        return render(request, "socialaccount/leave.html", {"address": response["Location"]})
    return response


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    try:
        return OAuth2CallbackView.adapter_view(Provider(request, provider_id))(request)  # type: ignore[no-any-return]
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@login_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Connects the account at the provider, which brought somebody here, with the account they have just proved."""
    if LINK_KEY not in request.session:
        return redirect("security")
    sociallogin = SocialLogin.deserialize(request.session[LINK_KEY])
    if owner_of(sociallogin) != viewer(request):
        del request.session[LINK_KEY]
        messages.error(request, _("That account belongs to another address. Nothing was connected."))
        return redirect("security")
    if request.method == "GET":
        return render(request, "socialaccount/link.html", {"provider": get_adapter().list_apps(request)[0]})
    del request.session[LINK_KEY]
    sociallogin.connect(request, viewer(request))
    messages.success(request, _("From now on you can log in with either."))
    return redirect("/")
