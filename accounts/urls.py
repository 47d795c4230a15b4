"""Addresses of people's pages. allauth's own come after these, so a name given here wins."""

from allauth.account.views import password_reset_from_key, password_reset_from_key_done
from django.urls import path, re_path
from django.views.generic import RedirectView

from accounts.views import (
    applications,
    exports,
    invitations,
    leaving,
    oidc,
    people,
    pictures,
    profile,
    security,
    settings,
    sign_in,
)

to_security = RedirectView.as_view(pattern_name="security")

urlpatterns = [
    path("people/", people.index, name="people"),
    path("people/<str:username>/", people.show, name="person"),
    path("people/<str:username>/relationship/", people.relate, name="person-relationship"),
    path("profile/", profile.edit, name="profile"),
    path("profile/picture/", pictures.put, name="picture"),
    path("profile/picture/remove/", pictures.remove, name="picture-remove"),
    path("avatars/<slug:key>/<int:size>.webp", pictures.show, name="avatar"),
    path("settings/", settings.edit, name="settings"),
    path("settings/security/", security.overview, name="security"),
    path("settings/sessions/", security.listing, name="sessions"),
    path("settings/sessions/others/end/", security.end_others, name="sessions-end-others"),
    path("settings/sessions/<int:browser>/end/", security.end_browser, name="session-end"),
    path("settings/clients/<uuid:family>/end/", security.end_client, name="client-end"),
    path("settings/invitations/", invitations.index, name="invitations"),
    path("settings/invitations/<uuid:invitation>/withdraw/", invitations.withdraw, name="invitation-withdraw"),
    path("settings/applications/", applications.index, name="applications"),
    path("settings/applications/<uuid:application>/", applications.decide, name="application"),
    path("join/<str:secret>/", invitations.follow, name="invitation"),
    path("waiting/", applications.waiting, name="waiting"),
    path("settings/data/", exports.show, name="data"),
    path("settings/data/file/", exports.fetch, name="data-file"),
    path("settings/data/remove/", exports.remove, name="data-remove"),
    path("settings/leave/", leaving.leave, name="leave"),
    path("left/", leaving.left, name="left"),
    path("return/", leaving.come_back, name="return"),
    path("welcome/", sign_in.welcome, name="welcome"),
    path("accounts/signup/", sign_in.SignUp.as_view(), name="account_signup"),
    path("accounts/email/", sign_in.ChangeAddress.as_view(), name="account_email"),
    path("accounts/login/code/", sign_in.RequestCode.as_view(), name="account_request_login_code"),
    path("accounts/password/reset/", sign_in.ResetPassword.as_view(), name="account_reset_password"),
    # Links that the staff hand out; allauth has either these or codes.
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("accounts/password/set/done/", password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("accounts/2fa/", to_security, name="mfa_index"),
    path("accounts/2fa/webauthn/", to_security, name="mfa_list_webauthn"),
    path("accounts/oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("accounts/oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("accounts/oidc/link/", oidc.link, name="oidc-link"),
]
