"""Addresses of the conversations."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from messaging.views import (
    conversation,
    details,
    files,
    inbox,
    message,
    messages,
    palette,
    previews,
    receipts,
    requests,
    search,
    start,
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
    path("c/<hex:conversation_id>/read/", receipts.read, name="conversation-read"),
    path("c/<hex:conversation_id>/accept/", requests.accept, name="conversation-accept"),
    path("c/<hex:conversation_id>/decline/", requests.decline, name="conversation-decline"),
    path("c/<hex:conversation_id>/block/", requests.block, name="conversation-block"),
    path("c/<hex:conversation_id>/details/", details.details, name="conversation-details"),
    path("c/<hex:conversation_id>/details/rename/", details.rename, name="conversation-rename"),
    path("c/<hex:conversation_id>/details/add/", details.add, name="conversation-add"),
    path("c/<hex:conversation_id>/details/remove/", details.remove, name="conversation-remove"),
    path("c/<hex:conversation_id>/details/role/", details.role, name="conversation-role"),
    path("c/<hex:conversation_id>/details/leave/", details.leave, name="conversation-leave"),
]
