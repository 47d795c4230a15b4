"""Mail on its way: put into the queue by whoever writes it, taken to the mail server by the worker.

A page does not wait for a mail server, nor does the time it takes tell whether there was anybody to write to. In the
queue a letter is sealed, as codes and addresses are nowhere in PostgreSQL in the clear.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from procrastinate.contrib.django import app

from chatsite.crypto import envelope

CONTEXT = envelope.context("procrastinate_jobs.args")
DELIVER = "chatsite.tasks.deliver"


class Letter(msgspec.Struct, frozen=True):
    """A message as it waits: `others` are its body in other forms, each with its media type."""

    subject: str
    body: str
    form: str
    sender: str
    to: list[str]
    headers: dict[str, str]
    others: list[tuple[str, str]]


class Queue(BaseEmailBackend):
    """What `send_mail` and allauth hand their messages to (settings.EMAIL_BACKEND)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """A job for each; within a transaction it is there when that holds. Raises ValueError where a message has
        attachments or hidden recipients: letters have none."""
        post = app.configure_task(DELIVER, allow_unknown=False)
        for message in email_messages:
            post.defer(letter=seal(message))
        return len(email_messages)


def seal(message: EmailMessage) -> str:
    """The message as one text that only the keys open."""
    if message.attachments or message.cc or message.bcc or message.reply_to:
        raise ValueError("A letter has a body and recipients only.")
    letter = Letter(
        subject=str(message.subject),
        body=str(message.body),
        form=message.content_subtype,
        sender=message.from_email,
        to=list(message.to),
        headers={name: str(value) for name, value in message.extra_headers.items()},
        others=[(str(one[0]), str(one[1])) for one in getattr(message, "alternatives", ())],
    )
    return envelope.seal(json.dumps(msgspec.structs.asdict(letter)), CONTEXT)  # takes what templates made of a text


def deliver(sealed: str) -> None:
    """Takes a letter to the mail server. Raises OSError or SMTPException where that does not take it."""
    letter = msgspec.json.decode(envelope.unseal(sealed, CONTEXT), type=Letter)
    message = EmailMultiAlternatives(letter.subject, letter.body, letter.sender, letter.to, headers=letter.headers)
    message.content_subtype = letter.form
    for content, media_type in letter.others:
        message.attach_alternative(content, media_type)
    transport: Any = get_connection(settings.MAIL_BACKEND)
    transport.send_messages([message])
