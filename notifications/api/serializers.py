"""The shapes of notifications in the API's description. A test compares them with what goes out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Face(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    avatar_url = serializers.CharField(allow_null=True)


class RelatedTo(serializers.Serializer[Any]):
    type = serializers.CharField()
    id = serializers.CharField()


class Notification(serializers.Serializer[Any]):
    """`title`, `text`, `url` and `face` are how the chat itself shows it; `content` depends on `type`."""

    id = serializers.CharField()
    user_id = serializers.UUIDField()
    type = serializers.ChoiceField(["message", "friend_request", "system"])
    content = serializers.DictField()
    related_to = RelatedTo()
    is_read = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    face = Face(allow_null=True)


class NotificationPage(serializers.Serializer[Any]):
    """Newest first. `next` is the address of the page after; `unread` counts all, not only these."""

    results = Notification(many=True)
    next = serializers.URLField(allow_null=True)
    unread = serializers.IntegerField()


class ReadRequest(serializers.Serializer[Any]):
    """Either `ids`, or `all`: true."""

    ids = serializers.ListField(child=serializers.CharField(), required=False)
    all = serializers.BooleanField(required=False)


class Unread(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


class Channels(serializers.Serializer[Any]):
    """The ways to hear. Only `in_app` delivers so far; the others are kept."""

    in_app = serializers.BooleanField()
    email = serializers.BooleanField()
    push = serializers.BooleanField()


class Types(serializers.Serializer[Any]):
    message = serializers.BooleanField()
    friend_request = serializers.BooleanField()
    system = serializers.BooleanField()


class PreferencesRequest(serializers.Serializer[Any]):
    channels = Channels()
    types = Types()


class Preferences(PreferencesRequest):
    updated_at = serializers.DateTimeField()
