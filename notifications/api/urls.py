"""Addresses below /api/v1/."""

from django.urls import path

from notifications.api.views import NotificationsView, PreferencesView, ReadView

urlpatterns = [
    path("notifications/", NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read/", ReadView.as_view(), name="api-notifications-read"),
    path("notification-preferences/", PreferencesView.as_view(), name="api-notification-preferences"),
]
