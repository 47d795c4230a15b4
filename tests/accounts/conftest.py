"""A site with a mail server, and one that anyone may sign up at; whose sessions were ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.signals import sessions_ended

CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.M)


@pytest.fixture
def mail_server(settings: Settings) -> None:
    """EMAIL_URL is set: mail reaches people (`django.core.mail.outbox`), and addresses are to be proven."""
    settings.CHAT_MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


@pytest.fixture
def anyone(settings: Settings) -> None:
    """Sign-up is open."""
    settings.CHAT_SIGNUP = "open"


@pytest.fixture
def ended() -> Iterator[list[str]]:
    """Whose sessions were ended, in order."""
    log: list[str] = []

    def hear(user_id: str, **_: object) -> None:
        log.append(user_id)

    sessions_ended.connect(hear)
    yield log
    sessions_ended.disconnect(hear)


def last_code() -> str:
    """The code in the last letter."""
    found = CODE.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[0]
