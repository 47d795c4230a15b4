"""Addresses of the conversations."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from messaging.views import (
    arranging,
    conversation,
    details,
    files,
    forwards,
    inbox,
    manage,
    message,
    messages,
    palette,
    panel,
    previews,
    receipts,
    requests,
    rooms,
    saved,
    scheduled,
    search,
    start,
    threads,
)


class Hex(StringConverter):
    """An id of MongoDB."""

    regex = "[0-9a-f]{24}"


class Key(StringConverter):
    """The random name of a file."""

    regex = "[0-9a-f]{32}"


register_converter(Hex, "hex")
register_converter(Key, "key")

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("files/<key:key>/shown/<int:size>.webp", files.shown, name="file-shown"),
    path("files/<key:key>/<str:name>", files.whole, name="file"),
    path("previews/<key:key>.webp", previews.picture, name="preview-picture"),
    path("m/<hex:message_id>/previews/", previews.remove, name="message-previews"),
    path("sidebar/", inbox.sidebar, name="sidebar"),
    path("palette/", palette.results, name="palette"),
    path("shortcuts/", palette.shortcuts, name="shortcuts"),
    path("read/", receipts.read_all, name="read-all"),
    path("rooms/", rooms.index, name="rooms"),
    path("rooms/<hex:conversation_id>/join/", rooms.join, name="room-join"),
    path("g/<str:secret>/", rooms.follow, name="invite"),
    path("archive/", arranging.archive, name="archive"),
    path("saved/", saved.index, name="saved"),
    path("saved/<hex:message_id>/", saved.save, name="saved-save"),
    path("saved/<hex:message_id>/drop/", saved.drop, name="saved-drop"),
    path("forward/<hex:message_id>/", forwards.forward, name="forward"),
    path("scheduled/", scheduled.index, name="scheduled"),
    path("scheduled/<hex:scheduled_id>/change/", scheduled.change, name="scheduled-change"),
    path("scheduled/<hex:scheduled_id>/send/", scheduled.send, name="scheduled-send"),
    path("scheduled/<hex:scheduled_id>/cancel/", scheduled.cancel, name="scheduled-cancel"),
    path("c/<hex:conversation_id>/schedule/", scheduled.schedule, name="conversation-schedule"),
    path("requests/", requests.index, name="requests"),
    path("search/", search.page, name="search"),
    path("search/hits/", search.results, name="search-hits"),
    path("m/<hex:message_id>/", message.show, name="message"),
    path("m/<hex:message_id>/edit/", message.edit, name="message-edit"),
    path("m/<hex:message_id>/react/", message.react, name="message-react"),
    path("m/<hex:message_id>/pin/", message.pin, name="message-pin"),
    path("m/<hex:message_id>/hide/", message.hide, name="message-hide"),
    path("m/<hex:message_id>/delete/", message.delete, name="message-delete"),
    path("c/new/", start.new, name="conversation-new"),
    path("c/<hex:conversation_id>/", conversation.show, name="conversation"),
    path("c/<hex:conversation_id>/messages/", messages.log, name="conversation-messages"),
    path("c/<hex:conversation_id>/messages/", messages.log, name="conversation-send"),
    path("c/<hex:conversation_id>/threads/<hex:message_id>/", threads.show, name="thread"),
    path("c/<hex:conversation_id>/threads/<hex:message_id>/messages/", threads.replies, name="thread-messages"),
    path("c/<hex:conversation_id>/read/", receipts.read, name="conversation-read"),
    path("c/<hex:conversation_id>/arrange/", arranging.arrange, name="conversation-arrange"),
    path("c/<hex:conversation_id>/accept/", requests.accept, name="conversation-accept"),
    path("c/<hex:conversation_id>/decline/", requests.decline, name="conversation-decline"),
    path("c/<hex:conversation_id>/block/", requests.block, name="conversation-block"),
    path("c/<hex:conversation_id>/details/", details.details, name="conversation-details"),
    path("c/<hex:conversation_id>/details/files/", panel.files, name="conversation-files"),
    path("c/<hex:conversation_id>/details/links/", panel.links, name="conversation-links"),
    path("c/<hex:conversation_id>/details/pins/", panel.pins, name="conversation-pins"),
    path("c/<hex:conversation_id>/details/manage/", manage.manage, name="conversation-manage"),
    path("c/<hex:conversation_id>/details/rename/", manage.rename, name="conversation-rename"),
    path("c/<hex:conversation_id>/details/publish/", manage.publish, name="conversation-publish"),
    path("c/<hex:conversation_id>/details/picture/", manage.picture, name="conversation-picture-put"),
    path("c/<hex:conversation_id>/details/picture/remove/", manage.unpicture, name="conversation-picture-remove"),
    path("c/<hex:conversation_id>/details/invite/", manage.invite, name="conversation-invite"),
    path("c/<hex:conversation_id>/details/revoke/", manage.revoke, name="conversation-revoke"),
    path("c/<hex:conversation_id>/picture/<key:key>/<int:size>.webp", rooms.picture, name="conversation-picture"),
    path("c/<hex:conversation_id>/details/add/", details.add, name="conversation-add"),
    path("c/<hex:conversation_id>/details/remove/", details.remove, name="conversation-remove"),
    path("c/<hex:conversation_id>/details/role/", details.role, name="conversation-role"),
    path("c/<hex:conversation_id>/details/leave/", details.leave, name="conversation-leave"),
]
