"""Addresses of people's pages. allauth's own come after these, so a name given here wins."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import exports, leaving, people, pictures, profile, settings, sign_in

urlpatterns = [
    path("people/", people.index, name="people"),
    path("people/<str:username>/", people.show, name="person"),
    path("people/<str:username>/relationship/", people.relate, name="person-relationship"),
    path("profile/", profile.edit, name="profile"),
    path("profile/picture/", pictures.put, name="picture"),
    path("profile/picture/remove/", pictures.remove, name="picture-remove"),
    path("avatars/<slug:key>/<int:size>.webp", pictures.show, name="avatar"),
    path("settings/", settings.edit, name="settings"),
    path("settings/clients/<uuid:family>/end/", settings.end_client, name="client-end"),
    path("settings/data/", exports.show, name="data"),
    path("settings/data/file/", exports.fetch, name="data-file"),
    path("settings/data/remove/", exports.remove, name="data-remove"),
    path("settings/leave/", leaving.leave, name="leave"),
    path("left/", leaving.left, name="left"),
    path("return/", leaving.come_back, name="return"),
    path("welcome/", sign_in.welcome, name="welcome"),
    path("accounts/email/", RedirectView.as_view(pattern_name="settings"), name="account_email"),
    path("accounts/signup/", sign_in.SignUp.as_view(), name="account_signup"),
]
