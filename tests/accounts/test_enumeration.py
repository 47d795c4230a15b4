"""SECURITY.md A19: nobody learns who has an account. The same answer, after the same work.

Work is counted in hashes, which are nearly all of it, and in letters: time in a test says little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.hashers import Argon2
from accounts.models import User
from accounts.services import addresses, invitations
from tests.accounts.authenticator import SoftwareAuthenticator
from tests.accounts.test_passkeys import log_in, options
from tests.cast import Cast

KNOWN, UNKNOWN = "ada@example.org", "nobody@example.org"
TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|nonce="|data-csrf=")[^"]+')
Shown = tuple[int, str, bytes]


@pytest.fixture(autouse=True)
def ada_is_verified(cast: Cast) -> None:
    addresses.put(cast.ada, KNOWN, verified=True)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """One entry for each run of Argon2."""
    runs: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(Argon2, name)

        def counted(self: Argon2, *args: object, name: str = name, real: Callable[..., object] = real) -> object:
            runs.append(name)
            return real(self, *args)

        monkeypatch.setattr(Argon2, name, counted)
    yield runs


@pytest.fixture
def queries() -> Iterator[list[str]]:
    """One entry for each statement that PostgreSQL is asked."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked


def shown(response: Any, email: str) -> Shown:
    """What an answer shows, without what differs each time and without the address itself."""
    body = TOKENS.sub(rb"\1", response.content).replace(email.encode(), b"<address>")
    return response.status_code, response.headers.get("Location", ""), body


def walk(path: str, email: str, fields: dict[str, str], hashes: list[str]) -> tuple[list[Shown], int, int]:
    """Posts a form and looks at where it leads. What was shown, and how many hashes and letters it cost."""
    client = Client()
    hashes.clear()
    mail.outbox.clear()
    first = client.post(path, fields)
    steps = [shown(first, email)]
    if first.status_code == 302:
        then = first["Location"]
        steps += [shown(client.get(then), email), shown(client.post(then, {"code": "BBBB-BBBB"}), email)]
    return steps, len(hashes), len(mail.outbox)


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize("mode", ["open", "approval"])
def test_signing_up_with_a_known_address_looks_like_any_other(hashes: list[str], settings: Settings, mode: str) -> None:
    settings.CHAT_SIGNUP = mode
    results = [
        walk("/accounts/signup/", email, {"username": name, "email": email, "password1": "seven small boats"}, hashes)
        for name, email in (("fay", KNOWN), ("gus", UNKNOWN))
    ]
    assert results[0] == results[1]
    assert results[0][1:] == (1, 1)


@pytest.mark.parametrize("mode", ["open", "approval", "invite"])
def test_signing_up_with_a_known_address_looks_like_any_other_without_a_mail_server(
    cast: Cast, hashes: list[str], queries: list[str], settings: Settings, mode: str
) -> None:
    """None is asked for. What is sent all the same is not read: the account has none, and can be used at once."""
    settings.CHAT_SIGNUP = mode

    def sign_up(name: str, email: str) -> tuple[list[Shown], int, int, str]:
        client = Client()
        client.get(f"/join/{invitations.make(cast.dora, days=1, people=1)[1]}/")
        hashes.clear()
        sent = {"username": name, "email": email, "password1": "seven small boats"}
        queries.clear()
        first = client.post("/accounts/signup/", sent)
        asked = len(queries)
        page = shown(client.get("/waiting/" if mode == "approval" else "/accounts/email/"), name)
        main = page[2].partition(b"<main")[2].partition(b"</main>")[0]
        return [shown(first, email), (*page[:2], main)], len(hashes), asked, User.objects.get(username=name).address

    sign_up("guy", "guy@example.org")  # what is remembered from the first time on costs queries once
    results = [sign_up(name, email) for name, email in (("fay", KNOWN), ("gus", UNKNOWN))]
    assert results[0] == results[1]
    assert results[0][1] == 1 and results[0][2] > 5 and results[0][3] == ""
    assert not mail.outbox


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_asking_for_a_code_for_a_known_address_looks_like_any_other(hashes: list[str], path: str) -> None:
    results = [walk(path, email, {"email": email}, hashes) for email in (KNOWN, UNKNOWN)]
    assert results[0] == results[1]
    assert results[0][1:] == (0, 1)


@pytest.mark.parametrize("known", ["ada", KNOWN, "ADA"])
def test_logging_in_as_a_known_person_looks_like_any_other(hashes: list[str], known: str) -> None:
    unknown = known.replace("ada", "nobody").replace("ADA", "NOBODY")
    results = [
        walk("/accounts/login/", login, {"login": login, "password": "wrong wrong wrong"}, hashes)
        for login in (known, unknown)
    ]
    assert results[0] == results[1]
    assert results[0][1] == 1


@pytest.mark.parametrize("known", ["ada", KNOWN])
def test_the_api_answers_alike_and_a_closed_account_is_like_none(cast: Cast, hashes: list[str], known: str) -> None:
    def ask(login: str) -> tuple[Shown, int]:
        hashes.clear()
        body = {"login": login, "password": "wrong wrong wrong"}
        return shown(Client().post("/api/v1/auth/token/", body, "application/json"), login), len(hashes)

    cast.ben.is_active = False
    cast.ben.save()
    assert ask(known) == ask(known.replace("ada", "nobody")) == ask(known.replace("ada", "ben"))


def test_the_limit_on_wrong_passwords_tells_nothing_either(hashes: list[str]) -> None:
    def answers(login: str) -> list[Shown]:
        return [
            shown(Client().post("/accounts/login/", {"login": login, "password": "wrong wrong"}), login)
            for _ in range(5)
        ] + [shown(Client(REMOTE_ADDR="10.9.8.7").post("/accounts/login/", {"login": login, "password": "x"}), login)]

    assert answers("ada") == answers("nobody")


def test_a_passkey_of_a_known_person_fails_like_any_other(cast: Cast, client: Client) -> None:
    """The site offers no list of passkeys to choose from, and names nobody when one fails."""
    stranger = SoftwareAuthenticator()

    def fail(user: bytes) -> Shown:
        client = Client()
        asked = options(client)
        assert not asked["publicKey"].get("allowCredentials")
        response = log_in(client, stranger.get(asked, user=user))
        return shown(client.get(response["Location"]), "-")

    known = str(cast.ada.pk).encode()
    assert fail(known) == fail(b"00000000-0000-4000-8000-000000000000")
