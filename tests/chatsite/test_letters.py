"""Mail goes into the queue, sealed, and from there to the mail server: no page waits for that."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils.safestring import SafeString
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from chatsite.queues import MAIL
from chatsite.tasks import send_what_was_left
from tests.accounts.test_tasks import work
from tests.cast import Cast

LONGEST = 60.0  # seconds, until a server that is away is asked for the first time again
RESET = "/accounts/password/reset/"
pytestmark = pytest.mark.django_db(transaction=True)
taken: list[EmailMessage] = []


class Server(BaseEmailBackend):
    """Whoever asks it waits for it, however slow it is."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        taken.extend(email_messages)
        return len(email_messages)


class AwayAtFirst(BaseEmailBackend):
    """Cannot be reached once, and takes everything from then on."""

    asked = 0

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        type(self).asked += 1
        if self.asked == 1:
            raise ConnectionRefusedError
        taken.extend(email_messages)
        return len(email_messages)


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> Iterator[None]:
    settings.CHAT_MAIL = True
    settings.EMAIL_BACKEND = "chatsite.letters.Queue"
    settings.MAIL_BACKEND = f"{__name__}.{Server.__name__}"
    taken.clear()
    _empty()
    yield
    _empty()


def _empty() -> None:
    """Of letters only; nothing else empties the queue."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s", [MAIL])


def waiting() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(queue_name=MAIL)


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_slow_mail_server_holds_up_no_page_whoever_is_written_to(client: Client, cast: Cast, email: str) -> None:
    assert client.post(RESET, {"email": email}).status_code == 302
    assert taken == [], "the page has waited for the server"
    assert waiting().count() == 1
    work()
    (letter,) = taken
    assert letter.to == [email] and letter.subject.startswith("[Chat]")


def test_neither_address_nor_code_is_in_the_clear_in_the_queue(client: Client, cast: Cast) -> None:
    client.post(RESET, {"email": "ada@example.org"})
    stored = str(waiting().get().args)
    assert "v1." in stored and "ada" not in stored


def test_a_mail_server_that_is_away_is_asked_again(settings: Settings) -> None:
    settings.MAIL_BACKEND = f"{__name__}.{AwayAtFirst.__name__}"
    send_mail("Hello", "It is me.", None, ["ada@example.org"])
    work()
    job = waiting().get()
    assert (job.status, job.attempts, taken) == ("todo", 1, [])
    assert job.scheduled_at is not None
    assert 0 < job.scheduled_at.timestamp() - time.time() < LONGEST
    work()
    assert taken == []
    with connection.cursor() as cursor:  # that time is over; the model is for looking only
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE id = %s", [job.id])
    work()
    assert [one.body for one in taken] == ["It is me."]


def test_a_letter_that_a_worker_died_over_goes_out_after_all(settings: Settings) -> None:
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_mail("Hello", "It is me.", None, ["ada@example.org"])
    with connection.cursor() as cursor:  # the model is for looking only
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE queue_name = %s", [MAIL])
    work()
    assert mail.outbox == []
    send_what_was_left.defer(timestamp=0)
    work()  # gives it back
    work()
    assert [one.body for one in mail.outbox] == ["It is me."]


def test_a_letter_arrives_as_it_was_written(settings: Settings) -> None:
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    body = SafeString("Text")  # as a template makes it
    message = EmailMultiAlternatives("Grüße", body, "chat@localhost", ["ada@example.org"], headers={"X-Kind": "one"})
    message.attach_alternative("<p>Text</p>", "text/html")
    message.send()
    work()
    (found,) = mail.outbox
    assert (found.subject, found.body, found.to) == ("Grüße", "Text", ["ada@example.org"])
    assert found.extra_headers == {"X-Kind": "one"} and found.alternatives[0][:2] == ("<p>Text</p>", "text/html")


def test_what_a_letter_cannot_carry_is_refused_and_not_left_out() -> None:
    message = EmailMessage("Hello", "It is me.", None, ["ada@example.org"], bcc=["ben@example.org"])
    with pytest.raises(ValueError, match="recipients only"):
        message.send()
    assert not waiting().exists()
