"""Addresses of the notifications' pages."""

from django.urls import path

from notifications.views import listing, preferences

urlpatterns = [
    path("", listing.index, name="notifications"),
    path("read/", listing.read, name="notifications-read"),
    path("preferences/", preferences.edit, name="notification-preferences"),
    path("<str:notification_id>/", listing.show, name="notification"),
]
