"""Addresses below /api/v1/ that concern conversations. Any id reaches its view: a wrong one is like a stranger's."""

from django.urls import path

from messaging.api.views import (
    amendments,
    attachments,
    conversations,
    drafts,
    members,
    messages,
    receipts,
    requests,
    rooms,
    search,
)

urlpatterns = [
    path("attachments/", attachments.Uploads.as_view(), name="api-attachments"),
    path("attachments/<str:attachment_id>/", attachments.OneUpload.as_view(), name="api-attachment"),
    path("conversations/", conversations.Conversations.as_view(), name="api-conversations"),
    path("conversations/read/", receipts.AllRead.as_view(), name="api-read-all"),
    path("conversations/<str:conversation_id>/", conversations.OneConversation.as_view(), name="api-conversation"),
    path("conversations/<str:conversation_id>/membership/", members.OwnMembership.as_view(), name="api-membership"),
    path("conversations/<str:conversation_id>/members/", members.AllMembers.as_view(), name="api-members"),
    path("conversations/<str:conversation_id>/members/<str:user_id>/", members.OneMember.as_view(), name="api-member"),
    path("conversations/<str:conversation_id>/pins/", conversations.Pins.as_view(), name="api-pins"),
    path("conversations/<str:conversation_id>/picture/", rooms.GroupPicture.as_view(), name="api-group-picture"),
    path("conversations/<str:conversation_id>/invites/", rooms.AllInvites.as_view(), name="api-invites"),
    path("conversations/<str:conversation_id>/invites/<str:invite_id>/", rooms.OneInvite.as_view(), name="api-invite"),
    path("rooms/", rooms.Rooms.as_view(), name="api-rooms"),
    path("rooms/<str:conversation_id>/join/", rooms.RoomEntry.as_view(), name="api-room-join"),
    path("invites/", rooms.InviteEntry.as_view(), name="api-invite-join"),
    path("conversations/<str:conversation_id>/messages/", messages.Log.as_view(), name="api-messages"),
    path("conversations/<str:conversation_id>/changes/", messages.Changes.as_view(), name="api-changes"),
    path("conversations/<str:conversation_id>/draft/", drafts.OneDraft.as_view(), name="api-draft"),
    path("conversations/<str:conversation_id>/receipts/", receipts.Receipts.as_view(), name="api-receipts"),
    path("conversations/<str:conversation_id>/hidden/", amendments.HiddenHere.as_view(), name="api-hidden-here"),
    path("message-requests/", requests.Requests.as_view(), name="api-requests"),
    path("message-requests/<str:conversation_id>/accept/", requests.Acceptance.as_view(), name="api-request-accept"),
    path("message-requests/<str:conversation_id>/decline/", requests.Refusal.as_view(), name="api-request-decline"),
    path("search/", search.Search.as_view(), name="api-search"),
    path("messages/<str:message_id>/previews/", messages.Previews.as_view(), name="api-message-previews"),
    path("messages/<str:message_id>/", amendments.OneMessage.as_view(), name="api-message"),
    path("messages/<str:message_id>/reactions/", amendments.Reactions.as_view(), name="api-reactions"),
    path("messages/<str:message_id>/pin/", amendments.Pin.as_view(), name="api-pin"),
    path("messages/<str:message_id>/hidden/", amendments.Hidden.as_view(), name="api-hidden"),
    path("messages/<str:message_id>/history/", amendments.History.as_view(), name="api-history"),
]
