"""The shapes of PROTOCOL.md, "HTTP", that concern people."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import Id, Line, Paragraphs, Strict, Text
from accounts.models import Profile, User
from accounts.models.profile import BIO_MAX, DISPLAY_NAME_MAX
from accounts.models.refresh_token import DEVICE_MAX
from accounts.services import settings

SECRET_MAX = 4096  # characters
FARTHEST = 100_000  # pixels
OTP_MAX = 32  # characters


class Moment(serializers.DateTimeField):
    """ISO 8601, UTC, milliseconds."""

    def to_representation(self, value: Any) -> str:
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"


class Failure(serializers.Serializer[Any]):
    """Every error of the API. `fields` names what is wrong with each field of the request."""

    code = serializers.CharField()
    detail = serializers.CharField()
    fields_ = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class Credentials(Strict):
    """`login` is an e-mail address or a user name. `otp` is the code of an authenticator app, or a recovery code, where
    the account asks for one. `device` is what the client calls itself in the list of sessions."""

    login = Text(max_length=254, trim_whitespace=True)
    password = Text(max_length=SECRET_MAX, trim_whitespace=False)
    otp = Text(max_length=OTP_MAX, required=False, allow_blank=True, default="")
    device = Text(max_length=DEVICE_MAX, required=False, allow_blank=True, default="")


class RefreshSecret(Strict):
    refresh = Text(max_length=SECRET_MAX)


class TokenPair(serializers.Serializer[Any]):
    """`expires_in`: seconds the access token lives."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField()


class Ticket(serializers.Serializer[Any]):
    """For the first frame of a socket: one use, within `expires_in` seconds."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField()


class PersonCard(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    avatar_url = serializers.CharField(allow_null=True)


class PersonPage(serializers.Serializer[Any]):
    """`next` is the address of the page after this one; null on the last."""

    results = PersonCard(many=True)
    next = serializers.URLField(allow_null=True)


class Person(PersonCard):
    """`online` and `last_seen` are told to friends whom both let see it, and null for everybody else."""

    bio = serializers.CharField(allow_null=True)
    online = serializers.BooleanField(allow_null=True)
    last_seen = Moment(allow_null=True)
    relationship = serializers.ChoiceField(["self", "none", "requested", "asked", "friends", "blocked"])
    created_at = Moment()


class Me(serializers.Serializer[Any]):
    """`email` is null for whoever signed up where there was no mail server, and was given no address since."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    email = serializers.EmailField(allow_null=True)
    display_name = serializers.CharField()
    bio = serializers.CharField(allow_null=True)
    avatar_url = serializers.CharField(allow_null=True)
    is_verified = serializers.BooleanField()
    created_at = Moment()


def me(user: User, profile: Profile) -> dict[str, Any]:
    """My account and profile, as `Me` describes them."""
    about = {
        "display_name": profile.display_name or user.username,
        "bio": profile.bio,
        "avatar_url": profile.avatar_url or None,
    }
    own = {name: getattr(user, name) for name in ("id", "username", "is_verified", "created_at")}
    return dict(Me(own | {"email": user.address or None} | about).data)


class Square(Strict):
    """The square of a picture to keep, in pixels of the picture held upright: all three, or the middle is taken."""

    x = serializers.IntegerField(min_value=0, max_value=FARTHEST)
    y = serializers.IntegerField(min_value=0, max_value=FARTHEST)
    side = serializers.IntegerField(min_value=1, max_value=FARTHEST)


class MyChanges(Strict):
    display_name = Line(DISPLAY_NAME_MAX, required=False, allow_blank=True, allow_null=True)
    bio = Paragraphs(BIO_MAX, required=False, allow_blank=True, allow_null=True)


def _setting(declared: settings.Declared) -> serializers.Field[Any, Any, Any, Any]:
    words = str(declared.label)
    if declared.choices is None:
        return serializers.BooleanField(required=False, help_text=words)
    return serializers.ChoiceField(list(declared.choices), required=False, help_text=words)


class Settings(serializers.Serializer[Any]):
    """One field per declared setting. Only describes: `services.settings` validates, strictly and in one place."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {key: _setting(declared) for key, declared in settings.DECLARED.items()}


class Leaving(Strict):
    """`deactivated`: closed until one comes back. `deleted`: closed, and gone in 14 days. The rest proves who one is,
    as in `auth/token/`."""

    kind = serializers.ChoiceField(["deactivated", "deleted"])
    password = Text(max_length=SECRET_MAX, trim_whitespace=False)
    otp = Text(max_length=OTP_MAX, required=False, allow_blank=True, default="")


class Departure(serializers.Serializer[Any]):
    """`due_at`: when the account is deleted, unless one logs in on the site before and says so; null: never."""

    due_at = Moment(allow_null=True)


class Export(serializers.Serializer[Any]):
    """A copy of one's data. `done` of about `total` rows are written; once it is ready it has a `size` in bytes."""

    state = serializers.ChoiceField(["waiting", "running", "ready", "failed"])
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    size = serializers.IntegerField()
    created_at = Moment()
    expires_at = Moment(allow_null=True)


class Session(serializers.Serializer[Any]):
    """A client that signed in with `auth/token/`."""

    id = serializers.UUIDField()
    device = serializers.CharField()
    created_at = Moment()
    last_used_at = Moment()
    expires_at = Moment()


class Sessions(serializers.Serializer[Any]):
    results = Session(many=True)


class NewRelationship(Strict):
    """`friend` asks, or accepts where they have asked; `blocked` blocks."""

    user_id = Id()
    type = serializers.ChoiceField(["friend", "blocked"])


class RelationshipRow(serializers.Serializer[Any]):
    """What `user_id` has said about `related_user_id`; one of the two is me. `user` is the other one's card."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    related_user_id = serializers.UUIDField()
    type = serializers.ChoiceField(["friend", "blocked"])
    status = serializers.ChoiceField(["pending", "accepted"])
    user = PersonCard()
    created_at = Moment()
    updated_at = Moment()


class RelationshipPage(serializers.Serializer[Any]):
    results = RelationshipRow(many=True)
    next = serializers.URLField(allow_null=True)
