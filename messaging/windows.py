"""The conversations' collections as the admin sees them. A contract test compares the fields with the documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatsite.mongo.windows.models import ArrayField, BsonField, ObjectIdField, Window


class Conversation(Window):
    type = models.CharField(_("type"), max_length=10, choices=[("private", _("private")), ("group", _("group"))])
    participants = ArrayField(models.CharField(max_length=36), verbose_name=_("members"))
    name = models.CharField(_("name"), max_length=100, null=True)
    created_by = models.CharField(_("started by"), max_length=36)
    created_at = models.DateTimeField(_("started"))
    updated_at = models.DateTimeField(_("changed"))
    last_message_at = models.DateTimeField(_("last message"), null=True)
    last_message_preview = models.TextField(_("preview"), null=True)
    last_sender_id = models.CharField(_("last sender"), max_length=36, null=True)
    is_active = models.BooleanField(_("active"))
    last_seq = models.IntegerField(_("messages"))
    last_rev = models.IntegerField(_("changes"))
    pair = models.CharField(max_length=73, null=True)
    description = models.TextField(_("description"), null=True)
    avatar_url = models.CharField(_("picture"), max_length=255, null=True)
    public = models.BooleanField(_("public"), null=True)
    removed = ArrayField(models.CharField(max_length=36), verbose_name=_("removed people"), null=True)
    lined_seq = models.IntegerField(_("last change stands after"), null=True)

    class Meta(Window.Meta):
        db_table = "conversations"
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return self.name or str(self.id)


class Membership(Window):
    conversation_id = ObjectIdField(_("conversation"))
    user_id = models.CharField(_("person"), max_length=36)
    role = models.CharField(
        _("role"), max_length=10, choices=[("owner", _("owner")), ("admin", _("admin")), ("member", _("member"))]
    )
    joined_seq = models.IntegerField(_("joined after message"))
    delivered_seq = models.IntegerField(_("delivered up to"))
    read_seq = models.IntegerField(_("read up to"))
    shown_delivered_seq = models.IntegerField(_("delivered up to, as others see it"), null=True)
    shown_read_seq = models.IntegerField(_("read up to, as others see it"), null=True)
    request = models.CharField(
        _("message request"),
        max_length=10,
        null=True,
        choices=[("waiting", _("waiting")), ("declined", _("declined"))],
    )
    joined_at = models.DateTimeField(_("joined"))
    muted_until = models.DateTimeField(_("muted until"), null=True)
    level = models.CharField(
        _("is told of"),
        max_length=10,
        null=True,
        choices=[("all", _("everything")), ("mentions", _("mentions")), ("nothing", _("nothing"))],
    )
    pinned_at = models.DateTimeField(_("pinned"), null=True)
    archived_seq = models.IntegerField(_("archived at"), null=True)
    marked_unread = models.BooleanField(_("marked unread"), null=True)
    draft = BsonField(null=True)  # what somebody has not said: nothing for the staff to see
    scheduled = models.IntegerField(null=True)
    hidden_seq = models.IntegerField(_("deleted for themself up to"), null=True)

    class Meta(Window.Meta):
        db_table = "memberships"
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return str(self.id)


class Message(Window):
    conversation_id = ObjectIdField(_("conversation"))
    seq = models.IntegerField(_("number"))
    client_id = models.CharField(_("sender's id"), max_length=36)
    sender_id = models.CharField(_("sender"), max_length=36)
    content = models.TextField(_("text"))
    attachments = BsonField(_("attachments"))
    reply_to = ObjectIdField(_("reply to"), null=True)
    thread_id = ObjectIdField(_("in the thread of"), null=True)
    mentions = ArrayField(models.CharField(max_length=36), verbose_name=_("mentions"))
    created_at = models.DateTimeField(_("sent"))
    updated_at = models.DateTimeField(_("changed"))
    delivered_to = BsonField(_("delivered to"))
    read_by = BsonField(_("read by"))
    reactions = BsonField(_("reactions"))
    edited_at = models.DateTimeField(_("edited"), null=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True)
    pinned_at = models.DateTimeField(_("pinned"), null=True)
    thread = BsonField(_("thread"), null=True)
    forwarded = BsonField(_("forwarded"), null=True)
    previews = BsonField(_("previews"), null=True)
    plain_links = models.BooleanField(_("without previews"), null=True)
    hidden_for = ArrayField(models.CharField(max_length=36), verbose_name=_("deleted for themself by"), null=True)

    class Meta(Window.Meta):
        db_table = "messages"
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return str(self.id)


class Upload(Window):
    key = models.CharField(max_length=32)
    owner_id = models.CharField(_("of"), max_length=36)
    conversation_id = ObjectIdField(_("conversation"))
    name = models.CharField(_("name"), max_length=255)
    size = models.BigIntegerField(_("bytes"))
    type = models.CharField(_("type"), max_length=127)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[("open", _("coming")), ("ready", _("whole")), ("kept", _("sent")), ("doomed", _("to be deleted"))],
    )
    received = models.BigIntegerField(_("bytes received"))
    pieces = ArrayField(models.CharField(max_length=80), verbose_name=_("pieces"))
    width = models.IntegerField(_("width"), null=True)
    height = models.IntegerField(_("height"), null=True)
    blur = models.TextField(null=True)
    client_id = models.CharField(_("sender's id of the message"), max_length=36, null=True)
    created_at = models.DateTimeField(_("begun"))
    moved_at = models.DateTimeField(_("last moved"))
    stored_as = models.CharField(max_length=32, null=True)

    class Meta(Window.Meta):
        db_table = "uploads"
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return str(self.id)


class Invite(Window):
    conversation_id = ObjectIdField(_("conversation"))
    token = models.CharField(max_length=64)
    made_by = models.CharField(_("by"), max_length=36)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("works until"), null=True)
    uses_max = models.IntegerField(_("for how many"), null=True)
    uses = models.IntegerField(_("used"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta(Window.Meta):
        db_table = "invites"
        verbose_name = _("invite link")
        verbose_name_plural = _("invite links")

    def __str__(self) -> str:
        return str(self.id)


class Change(Window):
    conversation_id = ObjectIdField(_("conversation"))
    rev = models.IntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20)
    actor_id = models.CharField(_("by"), max_length=36)
    message_id = ObjectIdField(_("message"), null=True)
    op_id = models.CharField(_("operation"), max_length=36, null=True)
    details = BsonField(_("details"))
    at_seq = models.IntegerField(_("stands after message"), null=True)
    created_at = models.DateTimeField(_("time"))

    class Meta(Window.Meta):
        db_table = "message_changes"
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return str(self.id)
