"""Addresses below /api/v1/ that concern people."""

from django.urls import path

from accounts.api.views import departures, exports, me, people, pictures, relationships, tokens

urlpatterns = [
    path("auth/token/", tokens.Token.as_view(), name="api-token"),
    path("auth/token/refresh/", tokens.Refresh.as_view(), name="api-token-refresh"),
    path("auth/token/revoke/", tokens.Revoke.as_view(), name="api-token-revoke"),
    path("auth/ticket/", tokens.Ticket.as_view(), name="api-ticket"),
    path("me/", me.Me.as_view(), name="api-me"),
    path("me/avatar/", pictures.MyAvatar.as_view(), name="api-me-avatar"),
    path("me/departure/", departures.MyDeparture.as_view(), name="api-me-departure"),
    path("me/export/", exports.MyExport.as_view(), name="api-me-export"),
    path("me/export/file/", exports.MyExportFile.as_view(), name="api-me-export-file"),
    path("me/settings/", me.MySettings.as_view(), name="api-me-settings"),
    path("me/sessions/", me.MySessions.as_view(), name="api-me-sessions"),
    path("me/sessions/<uuid:family>/", me.MySession.as_view(), name="api-me-session"),
    path("users/", people.Users.as_view(), name="api-users"),
    path("users/<uuid:user_id>/", people.User.as_view(), name="api-user"),
    path("relationships/", relationships.Relationships.as_view(), name="api-relationships"),
    path("relationships/<uuid:relationship_id>/", relationships.OneRelationship.as_view(), name="api-relationship"),
]
