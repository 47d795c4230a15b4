"""The domain's errors. Each knows its code on the wire (PROTOCOL: `error.code`) and its HTTP status."""

from __future__ import annotations

from typing import ClassVar


class ChatError(Exception):
    """Something a person or a client did that cannot be done. `detail` is safe to show; `fields` names form fields."""

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 400

    def __init__(
        self, detail: str, *, fields: dict[str, list[str]] | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = fields
        self.retry_after = retry_after  # seconds


class Invalid(ChatError):
    """The request is not of the declared shape, or breaks a rule of its fields."""


class Unauthorized(ChatError):
    """The credential is unknown, wrong, used up or ended: one answer for all, so that none can be told apart."""

    code = "invalid_credentials"
    status = 401


class CodeRequired(Unauthorized):
    """The password is right, and the account asks for a second factor as well: send it as `otp`."""

    code = "otp_required"


class CodeWrong(Unauthorized):
    """The password is right, the second factor is not."""

    code = "otp_invalid"


class NotFound(ChatError):
    """There is no such thing for this person: also the answer to a stranger's id."""

    code = "not_found"
    status = 404


class Forbidden(ChatError):
    """The person sees the thing but may not do this with it."""

    code = "forbidden"
    status = 403


class TooFast(ChatError):
    """A rate limit was passed; `retry_after` says when to come back."""

    code = "too_fast"
    status = 429


class TooLarge(ChatError):
    """Longer or bigger than the limit."""

    code = "too_large"
    status = 413


class Conflict(ChatError):
    """The same key was used before with another content, or the state no longer allows it."""

    code = "conflict"
    status = 409


class Unavailable(ChatError):
    """A database did not answer in time. Nothing is known to be stored: repeat with the same id."""

    code = "unavailable"
    status = 503


class Unsupported(ChatError):
    """Content of a type that is not taken here."""

    status = 415


class Blocked(ChatError):
    """Content that a scanner does not let through."""

    status = 422


class StorageFull(ChatError):
    """There is no room left for a file. Nothing of it was kept."""

    code = "unavailable"
    status = 507
