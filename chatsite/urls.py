"""Every address of the site, by app."""

from django.contrib import admin
from django.urls import include, path

from chatsite.web import health, installed, styles, words

urlpatterns = [
    path("api/v1/", include("chatsite.api")),  # first: every pattern before it is tried at every request
    path("", include("messaging.urls")),
    path("", include("accounts.urls")),
    path("notifications/", include("notifications.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/provider/", include("allauth.socialaccount.urls")),
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("sw.js", installed.worker, name="worker"),
    path("offline/", installed.offline, name="offline"),
    path("static/all.<slug:version>.css", styles.styles, name="styles"),
    path("words/<str:language>/<slug:version>.js", words.words, name="words"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]

handler500 = "chatsite.web.mistakes.server_error"
